"""What calls raise: each error carries the line that the program would print."""


class Error(Exception):
    """Any error of mambound."""


class InputError(Error, ValueError):
    """An argument, a file or a setting that you can mend; the program's exit 2."""


class FileError(Error, OSError):
    """A file could not be read or written; exit 4."""


class Diverged(Error, ArithmeticError):
    """Training left the finite numbers; exit 3."""


class NotCertified(Error, ArithmeticError):
    """Nothing can be proved about these weights, for the stated reason; exit 3."""


class UnsoundArithmetic(Error, ArithmeticError):
    """Certified work is not sound on this machine, or in this process; exit 3."""
