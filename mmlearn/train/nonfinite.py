"""A loss or a gradient that is not finite: say where it came from."""


class NonFiniteError(ArithmeticError):
    """The loss or a gradient is NaN or infinite; the step was not applied."""
