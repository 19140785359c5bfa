"""The subcommands, one file each: options to analysis to render."""

# In the order of the help page. Each name is a module here with a function of the same name.
COMMANDS = ("value", "grad", "jac", "hess", "jvp", "vjp", "hvp", "deriv", "taylor",
            "check", "trace", "export", "functions")  # fmt: skip
