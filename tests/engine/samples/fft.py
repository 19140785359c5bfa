import numpy as np

from . import sample
from .complex_numbers import complex_sample

# Lengths along the axis: even and odd, cut off, and filled up with zeros.
WHOLE = [((4,), {}), ((5,), {}), ((5,), {"n": 3}), ((3,), {"n": 6}), ((2, 3), {"axis": 0}), ((3, 2), {"norm": "ortho"})]
HALF = [*WHOLE, ((3,), {"n": 5}), ((5,), {"n": 4, "norm": "forward"}), ((4, 2), {"n": 7, "axis": -2}), ((1,), {"n": 1})]
MANY = [
    ((2, 3, 4), {}),
    ((3, 2, 3), {"axes": (2, 0)}),
    ((3, 4), {"s": (2, 5), "axes": (0, 1), "norm": "ortho"}),
    ((3, 4), {"s": (-1, 3), "axes": (-2, -1), "norm": "forward"}),
]


def calls(build, transform, cases):
    """The square comes first, for the second derivative to be something."""
    return [
        build(f"{transform.__name__} {shape} {params}", lambda a, p=params: transform(a * a, **p), shape, orders=2)
        for shape, params in cases
    ]


FFT = np.fft
SAMPLES = [
    *(s for f in (FFT.fft, FFT.ifft) for build in (sample, complex_sample) for s in calls(build, f, WHOLE)),
    *(s for f in (FFT.rfft, FFT.ihfft) for s in calls(sample, f, HALF)),
    *(s for f in (FFT.irfft, FFT.hfft) for build in (sample, complex_sample) for s in calls(build, f, HALF)),
    *(s for f in (FFT.fftn, FFT.ifftn, FFT.irfftn) for s in calls(complex_sample, f, MANY)),
    *(s for f in (FFT.fft2, FFT.ifft2, FFT.irfft2) for s in calls(complex_sample, f, [*MANY[1:], ((2, 2, 3), {})])),
    *(s for f in (FFT.rfftn, FFT.rfft2) for s in calls(sample, f, MANY)),
    *(
        sample(f"{f.__name__} {shape} {axes}", lambda x, f=f, axes=axes: f(x**2, axes), shape)
        for f in (FFT.fftshift, FFT.ifftshift)
        for shape, axes in [((5,), None), ((4, 3), None), ((3, 5), 1), ((3, 4, 5), (0, -1))]
    ),
    sample("fftfreq", lambda d: FFT.fftfreq(5, d), ()),
    sample("rfftfreq", lambda d: FFT.rfftfreq(4, d), ()),
]
