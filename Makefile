.PHONY: demo test check format

demo:
	@sh scripts/demo.sh $(ARGS)

test:
	@sh scripts/test.sh $(ARGS)

check:
	@sh scripts/check.sh

format:
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
