from autodiff_cli.engine.slopes import alias

from . import sample

SAMPLES = [sample("alias", lambda x: alias(x, 7) * x, (3,))]
