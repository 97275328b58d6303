"""`python -m mmlearn.cli`: the command, whatever is on PATH."""

from mmlearn.cli import main

main()
