"""Every SQL statement there is. The engine's Store lives in store.py; everything panel-owned is read through scope.py."""
