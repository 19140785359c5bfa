import numpy as np

from . import sample

TABLE = np.array([0.1, 0.35, 0.5, 0.85, 1.0])

SAMPLES = [
    sample("linspace", lambda a, b: np.linspace(a, b, 4, axis=-1), (2, 1), (3,)),
    sample("linspace open", lambda a, b: np.linspace(a, b, 4, endpoint=False) ** 2, (), ()),
    sample("linspace of one", lambda a, b: np.linspace(a, b, 1), (), ()),
    sample("logspace", lambda a, b: np.logspace(a, b, 3, base=2.0), (2,), ()),
    sample("linspace step", lambda a, b: np.multiply(*np.linspace(a, b, 4, retstep=True)), (3,), ()),
    sample(
        "linspace dtype", lambda a, b: np.linspace(a, 9 * b, 4, dtype=int) * np.linspace(a, b, 4, dtype=float), (), ()
    ),
    sample("logspace bases", lambda a, b, c: np.logspace(a, b, 3, base=c + 1, axis=-1), (2,), (), (2,)),
    sample("geomspace", lambda a, b: np.geomspace(a, b, 4), (), ()),
    sample("geomspace axis", lambda a, b: np.geomspace(a, 5 * b, 3, False, axis=1), (2, 1), (3,)),
    sample("geomspace of negative numbers", lambda a, b: np.geomspace(a, b, 5), (2,), (), low=-0.9, high=-0.3),
    sample("geomspace complex", lambda a, b: np.abs(np.geomspace(a + 1j * b, 2j - a, 3) - 1) ** 2, (2,), (2,)),
    sample("diff", np.diff, (2, 5)),
    sample("diff twice", lambda x: np.diff(x, 2, axis=0), (4, 2)),
    sample("diff ends", lambda x, a: np.diff(x, prepend=0.0, append=a) ** 2, (2, 5), (2, 2)),
    sample("diff end along", lambda x, a: np.diff(x, axis=0, prepend=a) ** 2, (2, 5), ()),
    sample("ediff1d", lambda x: np.ediff1d(x, to_end=[1.0, 2.0]) ** 2, (2, 3)),
    sample("ediff1d begin", lambda x, a: np.ediff1d(x, to_begin=a) ** 2, (2, 3), ()),
    sample("gradient", np.gradient, (5,)),
    sample("gradient spacing", lambda x: np.gradient(x, 0.5, axis=1, edge_order=2), (2, 5)),
    sample("gradient steps", lambda x, h: np.gradient(x, h, edge_order=2), (5,), ()),
    sample("gradient steps of a table", lambda h, k: sum(np.gradient(np.outer(TABLE, TABLE**2), h, k)) ** 2, (), ()),
    sample("gradient axes", lambda x: np.multiply(*np.gradient(x, 0.5, 2.0)), (3, 4)),
    sample("gradient at points", lambda x, t: np.gradient(x, np.cumsum(t), edge_order=2), (5,), (5,)),
    sample("gradient at points of lines", lambda x: np.gradient(x, TABLE, axis=0), (5, 2)),
    sample("trapezoid", np.trapezoid, (2, 5)),
    sample("trapezoid dx", lambda y: np.trapezoid(y, dx=0.3, axis=0), (4, 2)),
    sample("trapezoid x", lambda y, t: np.trapezoid(y, np.cumsum(t), axis=0), (4, 2), (4,)),
    sample("trapezoid all x", lambda y, t: np.trapezoid(y, t), (4, 3), (4, 3)),
    sample("interp", lambda x, f: np.interp(x, TABLE, f), (2, 4), (5,)),
    sample("interp table", lambda x, t, f: np.interp(3 * x, np.cumsum(t), f), (7,), (4,), (4,)),
    sample("interp period", lambda x, t, f: np.interp(5 * x, np.cumsum(t), f, period=1.5), (7,), (4,), (4,)),
    sample("interp period computed", lambda x, p: np.interp(5 * x, TABLE, TABLE**2, period=p + 1), (7,), ()),
    sample("interp of one knot", lambda x, t, f: np.interp(x, t, f, left=x[0]) ** 2, (7,), (1,), (1,)),
    sample("interp complex", lambda x, f: np.abs(np.interp(x, TABLE, f * (1 + 2j)) + 1) ** 2, (4,), (5,)),
    sample("interp outside", lambda x, f: np.interp(x - 0.4, TABLE, f, left=2.0), (9,), (5,)),
]
