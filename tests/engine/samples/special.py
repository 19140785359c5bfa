import numpy as np
from scipy import special

from autodiff_cli.engine.rulebook.special import hazard, polygamma

from . import Sample, sample

SAMPLES = [
    *(
        sample(f.__name__, f, (2, 3))
        for f in (
            special.erf, special.erfc, special.erfcx, special.dawsn, special.erfinv, special.erfcinv,
            special.ndtr, special.log_ndtr, special.ndtri, hazard,
            special.gamma, special.gammaln, special.loggamma, special.digamma,
            special.expit, special.log_expit, special.logit, special.entr,
            special.j0, special.j1, special.y0, special.y1, special.i0, special.i1, special.k0, special.k1,
            special.exp1, special.expi,
        )
    ),
    *(
        sample(f"{f.__name__} of negative numbers", f, (3,), low=-2.9, high=-2.2)
        for f in (
            special.erf, special.erfc, special.erfcx, special.dawsn, special.ndtr, special.log_ndtr, hazard,
            special.gamma, special.gammaln, special.digamma, special.expit, special.log_expit,
            special.j0, special.j1, special.i0, special.i1, special.expi,
        )
    ),
    *(
        sample(f.__name__, f, (2, 3), (3,))
        for f in (special.beta, special.betaln, special.xlogy, special.xlog1py, special.rel_entr, special.kl_div)
    ),
    sample("polygamma", lambda x: polygamma(2, x), (3,)),
    *(
        sample(f"{f.__name__} of order {order}", lambda x, f=f, order=order: f(order, x), (3,))
        for f in (special.jv, special.yv, special.iv, special.kv)
        for order in (2, 1.5)
    ),
    *(sample(f"{f.__name__}", lambda x, f=f: f(2, x), (3,)) for f in (special.yn, special.kn)),
    *(
        sample(f.__name__, lambda x, f=f: f(np.array([[0.5], [2.0]]), x), (3,))
        for f in (special.gammainc, special.gammaincc)
    ),
    sample("betainc", lambda x: special.betainc(np.array([[0.5], [2.0]]), 1.5, x), (3,)),
    Sample("xlogy at 0", special.xlogy, (np.array([0.3, 0.5]), np.array([0.4, 0.2])),
           (np.array([0.0, 0.0]), np.array([0.0, 2.0]))),
    Sample("bessel at 0", lambda x: special.j0(x) + special.j1(x) + special.jv(2, x) + special.i0(x) * special.i1(x),
           (np.array([0.0, 0.7]),), (np.array([0.4, 0.0]),)),
]  # fmt: skip
