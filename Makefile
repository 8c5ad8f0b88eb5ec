# The front door. Every target uses the JDK that tools/find-jdk finds, as ./cairn does.

MVN = tools/mvn -B
# Runs Maven too, and then says which tests were skipped.
TESTS = tools/run-tests -B

.DEFAULT_GOAL = help
.PHONY: help test test-quick test-slow lint coverage demo bench build dist format clean

help: ## show this list
	@echo "usage: make TARGET"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 14

test: ## run all tests, the format check and the architecture rules
	$(TESTS) -Ptests-together verify

test-quick: ## run the tests that need no second process, no browser and little time
	$(TESTS) -Ptests-together -Dtest.excludedGroups=slow,long,process,browser package

test-slow: ## run the tests tagged "slow", which `make test` leaves out
	$(TESTS) -Dtest.excludedGroups= -Dgroups=slow test

lint: ## compile everything anew and show the warnings of Error Prone
	$(MVN) -q -Derror-prone.warnings= clean test-compile

coverage: ## run the tests and write what they cover to target/coverage/index.html
	$(TESTS) -Pcoverage prepare-package

demo: build ## train a stack, ask it a question, compare it with others, write report.html
	./examples/stories/demo.sh

bench: ## run the benchmarks; GROUPS="train stack" runs only these, FILE=x.gguf compares with llama.cpp
	@$(if $(FILE),$${CAIRN_BENCH_PYTHON:-python3} tools/bench/peer_llama.py $(FILE),tools/bench/run $(GROUPS))

build: ## build what ./cairn starts, if the sources have changed
	@tools/build

dist: ## make target/cairn-VERSION.zip, which needs nothing but a JDK, and try it elsewhere
	$(TESTS) -Pdist -DskipTests integration-test
	@ls -l target/cairn-*.zip

format: ## format the Java sources
	$(MVN) spotless:apply

clean: ## delete everything that builds made
	rm -rf target */target
