class Wrong(Exception):
    """What whoever asked can put right."""
