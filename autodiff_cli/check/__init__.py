"""Is a derivative that was found by hand the right one?"""


def check(target, against, point=None, /, *, wrt=None, of="grad", rtol=None, atol=None, random=3, seed=0, shapes=None,
          **named):  # fmt: skip
    """Compare a derivative that was found by hand with the one by automatic differentiation, at several points.

    target      an expression, a text that names one or a function (FILE.py:NAME), or a function of arrays
    against     the claim: a formula in the language; a function of the same arguments, or its name, which returns an
                array, a tuple in the order of `wrt`, or a dict by name; numbers, which hold at the point alone; or a
                dict of formulas or numbers by the name of the variable, for several claims
    point       values by name, also as keywords; where some are missing, points are drawn
    wrt         the names of the variables that the claims are by, where the claims do not say it
    of          "grad", "jac" (axes of the value, then those of the variable), or "hess" (claims by "x,y")
    rtol, atol  a component is right where |yours - ad| <= atol + rtol*max(|yours|, |ad|); by default 1e-6 and 1e-9,
                and more where the claim is computed in float32
    random      how many points are drawn, near the one that is given
    seed        of those points
    shapes      tuples by name, of variables without values whose shapes cannot be worked out
    Gives an Outcome: its `verdict` is "pass", "fail" or "inconclusive", and as a string it is the whole report.
    Raises AdiffError where the question cannot be understood.
    """
    from importlib import import_module  # all of it is imported when first asked for, the command line being slow else

    make = import_module(".question", __name__).question
    return make(target, against, {**(point or {}), **named}, wrt=wrt, of=of, rtol=rtol, atol=atol, random=random,
                seed=seed, shapes=shapes).run()  # fmt: skip
