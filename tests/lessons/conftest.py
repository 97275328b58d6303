import pathlib
import sys

# The lesson tools import each other by name; pytest's importlib mode adds no folders.
sys.path.insert(0, str(pathlib.Path(__file__).parent))
