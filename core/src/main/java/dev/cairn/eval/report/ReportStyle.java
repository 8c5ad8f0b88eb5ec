package dev.cairn.eval.report;

/**
 * The style sheet of report pages. Colours are from the Okabe-Ito palette, safe for colour-blind
 * readers.
 */
final class ReportStyle {
    // Must not contain quotes, ampersands or angle brackets, because Html escapes it.
    static final String CSS =
            """

            :root { color-scheme: light dark; --ink: #1d2126; --soft: #5c6570; --line: #dfe3e8;
              --page: #ffffff; --panel: #f6f7f9; --accent: #0072b2; --other: #7a838e;
              --val: #d55e00; --right: #00734f; --wrong: #b04a00; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #a3acb6;
              --line: #363d45; --page: #15181c; --panel: #1e2227; --accent: #56b4e9;
              --other: #929ba5; --val: #e69f00; --right: #3fc79a; --wrong: #f0a05a; } }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--page); color: var(--ink);
              font: 16px/1.5 system-ui, sans-serif; -webkit-print-color-adjust: exact;
              print-color-adjust: exact; }
            main { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
            h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
            h2 { font-size: 1.3rem; margin: 0 0 .6rem; }
            h3 { font-size: 1.05rem; margin: 1.4rem 0 .5rem; }
            h4 { font-size: .95rem; margin: 0 0 .3rem; }
            section { margin-top: 2.6rem; }
            .lead { font-size: 1.1rem; color: var(--soft); max-width: 46rem; margin: 0; }
            .note { color: var(--soft); font-size: .875rem; max-width: 46rem; margin: .3rem 0 .8rem; }
            .warning { color: var(--wrong); font-size: .875rem; margin: .3rem 0; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; font-size: .9rem; }
            th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line);
              vertical-align: top; }
            thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
            thead tr:last-child th { border-bottom: 1.5px solid var(--soft); }
            tbody th { font-weight: 500; }
            .num { text-align: right; font-variant-numeric: tabular-nums; }
            td.num { white-space: nowrap; }
            td b { font-weight: 600; }
            th[colspan].group { text-align: center; }
            .group { padding-left: 1.2rem; }
            .band { background: var(--panel); font-weight: 600; }
            tr.focus th { color: var(--accent); font-weight: 600; }
            .interval { color: var(--soft); font-size: .85em; font-weight: 400; }
            .about { display: block; min-width: 12rem; color: var(--soft); font-weight: 400; font-size: .875rem; }
            figure { margin: 0; }
            figcaption { font-weight: 600; margin-bottom: .2rem; }
            .chart { display: grid; gap: 1.2rem 2.5rem; margin: 1rem 0 1.6rem;
              grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); }
            .bar { display: grid; grid-template-columns: 9.5rem 1fr 3.8rem; gap: 1rem;
              align-items: center; font-size: .875rem; line-height: 1.2; }
            .bar .value { text-align: right; font-variant-numeric: tabular-nums; }
            .bar.focus .name, .bar.focus .value { color: var(--accent); font-weight: 600; }
            .track { width: 100%; height: 26px; overflow: visible; display: block; }
            .scale .track { height: 16px; }
            svg text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
            .scale text { text-anchor: middle; }
            .grid { stroke: var(--line); stroke-width: 1; }
            .axis { stroke: var(--soft); stroke-width: 1; }
            .range { stroke: var(--other); stroke-width: 3; stroke-linecap: round; }
            .dot { fill: var(--other); stroke: var(--page); stroke-width: 1.5; }
            .focus .range { stroke: var(--accent); }
            .focus .dot { fill: var(--accent); }
            .curves { display: grid; gap: 1.5rem 2.5rem;
              grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); }
            .curves svg { width: 100%; display: block; overflow: visible; }
            polyline { fill: none; stroke-linejoin: round; }
            polyline.train { stroke: var(--accent); stroke-width: 1; opacity: .75; }
            polyline.val { stroke: var(--val); stroke-width: 1.5; }
            circle.val { fill: var(--val); stroke: var(--page); stroke-width: 1; }
            .key { width: 26px; height: 10px; margin: 0 .4rem 0 0; }
            .key ~ .key { margin-left: 1.2rem; }
            line.train { stroke: var(--accent); stroke-width: 1.5; }
            line.val { stroke: var(--val); stroke-width: 1.5; }
            dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; margin: 0;
              gap: .3rem 1.5rem; font-size: .9rem; }
            dt { color: var(--soft); }
            dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
            details { margin: .4rem 0; }
            .example { border: 1px solid var(--line); border-radius: 6px;
              padding: .5rem .9rem; }
            summary { cursor: pointer; }
            .stage summary { color: var(--soft); font-size: .85rem; }
            .right, .wrong { font-weight: 600; font-size: .8rem; display: inline-block;
              min-width: 3.2rem; }
            .right { color: var(--right); }
            .wrong { color: var(--wrong); }
            .tag { color: var(--soft); font-size: .8rem; margin-left: .8rem; }
            pre { font: .85rem/1.45 ui-monospace, monospace; white-space: pre-wrap;
              overflow-wrap: anywhere; background: var(--panel); border-radius: 4px; margin: .4rem 0;
              padding: .55rem .75rem; }
            .answers { margin: .7rem 0; }
            .stage { border-left: 2px solid var(--line); padding-left: .9rem; margin: .9rem 0 .6rem; }
            .output { border-left: 3px solid var(--accent); }
            @media (max-width: 40rem) {
              .bar { grid-template-columns: 6.5rem 1fr 3.6rem; gap: .6rem; }
              dl { grid-template-columns: 1fr; gap: 0; }
              dd { margin-bottom: .5rem; }
            }
            @media print {
              main { padding: 0; max-width: none; }
              html { font-size: 9.5pt; }
              body { font-size: 1rem; }
              section { margin-top: 1.8rem; }
              table { font-size: .8rem; }
              th, td { padding: .25rem .4rem; }
              .wide { overflow: visible; }
              .chart, .curves { grid-template-columns: 1fr 1fr; gap: 1rem 2rem; }
              .bar { grid-template-columns: 7rem 1fr 3.2rem; }
              tr, figure, .stage { break-inside: avoid; }
              h2, h3, .note { break-after: avoid; }
              .example::details-content { content-visibility: visible; block-size: auto; }
            }
            """;

    private ReportStyle() {}
}
