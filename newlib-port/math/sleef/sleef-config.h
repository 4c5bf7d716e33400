/* What SLEEF's build would write: its quadruple precision, which needs more, is not compiled. */
