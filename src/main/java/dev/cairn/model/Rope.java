package dev.cairn.model;

/**
 * Settings of the rotary embedding, from either way config.json may write them: keys of their own,
 * or {@code rope_parameters} (transformers 5).
 *
 * @param share share of each head that is rotated
 */
record Rope(double theta, double share) {
    static Rope read(ConfigJson json, String thetaKey, String shareKey, double defaultShare) {
        for (String key : new String[] {"rope_scaling", "rope_parameters"}) {
            ConfigJson part = json.child(key);
            String type = part.text("rope_type", part.text("type", "default"));
            json.expect(key + ".rope_type", type, "default");
        }
        ConfigJson newer = json.child("rope_parameters");
        double theta =
                newer.number("rope_theta", json.number(thetaKey, json.number("rope_theta", 10000)));
        double share = newer.number("partial_rotary_factor", json.number(shareKey, defaultShare));
        if (theta <= 0 || share < 0 || share > 1) {
            throw json.wrong(shareKey, "a share between 0 and 1, and " + thetaKey + " above 0");
        }
        return new Rope(theta, share);
    }
}
