"""Entry point: `learnsite` and `python -m learnsite_desktop`."""

from learnsite_desktop.cli.main import main

if __name__ == "__main__":
    main()
