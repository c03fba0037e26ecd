"""Main: lets `python -m emulation` be the command line."""

from emulation.cli import main

if __name__ == "__main__":
    main()
