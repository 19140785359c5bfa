"""The price of a European call after Black and Scholes, and its greeks from the textbook."""

import numpy as np
from scipy.special import ndtr


def price(S, K, r, sigma, T):
    """The price at spot S of the right to buy at K after T years, at the rate r and the volatility sigma."""
    d1, d2 = _moneyness(S, K, r, sigma, T)
    return S * ndtr(d1) - K * np.exp(-r * T) * ndtr(d2)


def greeks(S, K, r, sigma, T):
    """The derivatives of the price by each of its arguments: delta, by the strike, rho, vega, and by the time left."""
    d1, d2 = _moneyness(S, K, r, sigma, T)
    discount, density = np.exp(-r * T), np.exp(-(d1**2) / 2) / np.sqrt(2 * np.pi)
    decay = S * density * sigma / (2 * np.sqrt(T))
    return {"S": ndtr(d1), "K": -discount * ndtr(d2), "r": K * T * discount * ndtr(d2),
            "sigma": S * density * np.sqrt(T), "T": decay + r * K * discount * ndtr(d2)}  # fmt: skip


def greeks_of_the_trader(S, K, r, sigma, T):
    """The mistake: theta is quoted as time passes, which is the derivative by the time left with the other sign."""
    found = greeks(S, K, r, sigma, T)
    return {**found, "T": -found["T"]}


def _moneyness(S, K, r, sigma, T):
    d1 = (np.log(S / K) + (r + sigma**2 / 2) * T) / (sigma * np.sqrt(T))
    return d1, d1 - sigma * np.sqrt(T)
