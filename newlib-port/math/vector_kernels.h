/* Functions on vectors of our own, for vector.c: those for which SLEEF's are slow or lose large arguments. They are built of SLEEF's small
 * operations (MLA(x, y, z) is x * y + z, C2V makes a vector of a constant), so that one text serves both types and every set of instructions. Polynomials are minimax ones; bounds of errors are
 * those that the suite `math` measures.
 */
#undef MLA
#undef C2V
#ifdef FLOAT
typedef int BITS __attribute__((vector_size(sizeof(VECTOR))));
#define MANTISSA_BITS        24
#define MLA                  vmla_vf_vf_vf_vf
#define C2V                  vcast_vf_f
#define NUMBER(wide, narrow) vcast_vf_f(narrow)
#define IS_LESS              vlt_vo_vf_vf
#define IS_EQUAL             veq_vo_vf_vf
#define SELECT               vsel_vf_vo_vf_vf
#define SMALLER              vmin_vf_vf_vf
#define LARGER               vmax_vf_vf_vf
#define MAGNITUDE            vabs_vf_vf
#define SQUARE_ROOT          vsqrt_vf_vf
#define NEAREST              vrint_vf_vf
#define WITH_SIGN            vmulsign_vf_vf_vf
#define ARE_ALL              vtestallones_i_vo32
#else
typedef long long BITS __attribute__((vector_size(sizeof(VECTOR))));
#define MANTISSA_BITS        53
#define MLA                  vmla_vd_vd_vd_vd
#define C2V                  vcast_vd_d
#define NUMBER(wide, narrow) vcast_vd_d(wide)
#define IS_LESS              vlt_vo_vd_vd
#define IS_EQUAL             veq_vo_vd_vd
#define SELECT               vsel_vd_vo_vd_vd
#define SMALLER              vmin_vd_vd_vd
#define LARGER               vmax_vd_vd_vd
#define MAGNITUDE            vabs_vd_vd
#define SQUARE_ROOT          vsqrt_vd_vd
#define NEAREST              vrint_vd_vd
#define WITH_SIGN            vmulsign_vd_vd_vd
#define ARE_ALL              vtestallones_i_vo64
#endif

#define BOTH(number)  NUMBER(number, number##f)
#define SHIFT         NUMBER(0x1.8p52, 0x1.8p23f) /* adding it rounds to an integer, which is in the last bits then */
#define LN2_HIGH      NUMBER(L2U, L2Uf)
#define LN2_LOW       NUMBER(L2L, L2Lf)
#define LOG2_E        NUMBER(R_LN2, R_LN2f)
#define INFINITE      NUMBER(SLEEF_INFINITY, SLEEF_INFINITYf)
#define NO_NUMBER     NUMBER(SLEEF_NAN, SLEEF_NANf)

/* 2^exponent, which is an integer and that of a normal number. */
static inline VECTOR power_of_2(VECTOR exponent)
{
#if defined ENABLE_AVX512F && defined FLOAT
	return _mm512_scalef_ps(BOTH(1.0), exponent);
#elif defined ENABLE_AVX512F
	return _mm512_scalef_pd(BOTH(1.0), exponent);
#else
	return (VECTOR)(((BITS)(exponent + SHIFT) << (MANTISSA_BITS - 1)) + (BITS)BOTH(1.0));
#endif
}

/* x = *mantissa * 2^result, the mantissa from 3/4 to 3/2; x is normal and positive. */
static inline VECTOR split(VECTOR x, VECTOR *mantissa)
{
#if defined ENABLE_AVX512F && defined FLOAT
	*mantissa = vgetmant_vf_vf(x);
	return SMALLER(C2V(128), vgetexp_vf_vf(x * C2V(1 / 0.75f))); /* the product may be infinite */
#elif defined ENABLE_AVX512F
	*mantissa = vgetmant_vd_vd(x);
	return SMALLER(C2V(1024), vgetexp_vd_vd(x * C2V(1 / 0.75)));
#else
	BITS above = (BITS)x - (BITS)BOTH(0.75), exponent = above >> (MANTISSA_BITS - 1);
	*mantissa = (VECTOR)((BITS)x - (exponent << (MANTISSA_BITS - 1)));
	return (VECTOR)(exponent + (BITS)SHIFT) - SHIFT;
#endif
}

/* What log(1 + f) is beside *twice, its larger part. */
static inline VECTOR log_series(VECTOR f, VECTOR *twice)
{
	VECTOR t = f / (BOTH(2.0) + f), t2 = t * t, t4 = t2 * t2;
#ifdef FLOAT
	VECTOR series = POLY3(t2, t4, 0.3036525784605229f, 0.39957607392252376f, 0.6666694951404744f);
#else
	VECTOR series = POLY7(t2, t4, t4 * t4, 0.15373746824754175, 0.1524947406484303, 0.18186391791637477, 0.22222137628951863,
	                      0.28571429405980686, 0.3999999999610203, 0.6666666666667282);
#endif
	*twice = t + t;
	return (t * t2) * series;
}

/* log(1 + x) + more * log(2). */
static inline VECTOR log_of_1_and(VECTOR x, VECTOR more)
{
	/* 1 + x is sum + rest exactly, and (1 + f) * 2^exponent. */
	VECTOR sum = BOTH(1.0) + x, most = sum - BOTH(1.0);
	VECTOR rest = (BOTH(1.0) - (sum - most)) + (x - most);
	VECTOR mantissa, exponent = split(sum, &mantissa);
	VECTOR unit = power_of_2(-SMALLER(exponent, BOTH(100.0)));
	VECTOR twice, series = log_series((mantissa - BOTH(1.0)) + rest * unit, &twice);
	exponent = exponent + more;
	VECTOR result = MLA(exponent, LN2_HIGH, twice + MLA(exponent, LN2_LOW, series));
	result = SELECT(IS_EQUAL(sum, INFINITE), INFINITE, result);
	result = SELECT(IS_EQUAL(sum, BOTH(0.0)), -INFINITE, result);
	return SELECT(IS_LESS(sum, BOTH(0.0)), NO_NUMBER, result);
}

static inline int are_normal(VECTOR x)
{
	vopmask are = vand_vo_vo_vo(IS_LESS(NUMBER(0x1p-1022, 0x1p-126f), x), IS_LESS(x, INFINITE));
	return __builtin_expect(ARE_ALL(are), 1);
}

static inline VECTOR own_log(VECTOR x)
{
	if (!are_normal(x))
		return SLEEF(log, )(x);
	VECTOR mantissa, exponent = split(x, &mantissa), twice, series = log_series(mantissa - BOTH(1.0), &twice);
	return MLA(exponent, LN2_HIGH, twice + MLA(exponent, LN2_LOW, series));
}

static inline VECTOR own_log2(VECTOR x)
{
	if (!are_normal(x))
		return SLEEF(log2, _u35)(x);
	VECTOR mantissa, exponent = split(x, &mantissa), twice, series = log_series(mantissa - BOTH(1.0), &twice);
	return MLA(twice + series, LOG2_E, exponent);
}

static inline VECTOR own_log10(VECTOR x)
{
	if (!are_normal(x))
		return SLEEF(log10, )(x);
	VECTOR mantissa, exponent = split(x, &mantissa), twice, series = log_series(mantissa - BOTH(1.0), &twice);
	VECTOR low = MLA(twice + series, BOTH(0.4342944819032518), exponent * NUMBER(L10L, L10Lf));
	return MLA(exponent, NUMBER(L10U, L10Uf), low);
}

static inline VECTOR own_log1p(VECTOR x)
{
	return log_of_1_and(x, BOTH(0.0));
}

static inline VECTOR own_asinh(VECTOR x)
{
	VECTOR a = MAGNITUDE(x), root = SQUARE_ROOT(MLA(a, a, BOTH(1.0)));
	vopmask is_small = IS_LESS(a, NUMBER(0x1p60, 0x1p30f));
	VECTOR z = SELECT(is_small, a + a * a / (BOTH(1.0) + root), a);
	return WITH_SIGN(log_of_1_and(z, SELECT(is_small, BOTH(0.0), BOTH(1.0))), x);
}

static inline VECTOR own_acosh(VECTOR x)
{
	VECTOR t = x - BOTH(1.0);
	vopmask is_small = IS_LESS(t, NUMBER(0x1p60, 0x1p30f));
	VECTOR z = SELECT(is_small, t + SQUARE_ROOT(MLA(t, t, t + t)), t);
	VECTOR result = log_of_1_and(z, SELECT(is_small, BOTH(0.0), BOTH(1.0)));
	return SELECT(IS_LESS(x, BOTH(1.0)), NO_NUMBER, result);
}

static inline VECTOR own_atanh(VECTOR x)
{
	VECTOR a = MAGNITUDE(x);
	return WITH_SIGN(BOTH(0.5) * log_of_1_and((a + a) / (BOTH(1.0) - a), BOTH(0.0)), x);
}

/* exp(r) - 1, |r| <= log(2) / 2. */
static inline VECTOR exp_series(VECTOR r)
{
	VECTOR r2 = r * r, r4 = r2 * r2;
#ifdef FLOAT
	VECTOR series = POLY5(r, r2, r4, 0.0013950504774105288f, 0.008368889191522729f, 0.04166620555395703f, 0.16666518842201178f,
	                      0.5000000095286826f);
#else
	VECTOR series = POLY10(r, r2, r4, r4 * r4, 2.5117911083483725e-08, 2.763127868190036e-07, 2.755721612283961e-06,
	                       2.4801489947375367e-05, 0.00019841269917606098, 0.001388888894701036, 0.008333333333307092,
	                       0.041666666666515445, 0.166666666666667, 0.5000000000000012);
#endif
	return MLA(r2, series, r);
}

/* exp(x) = (1 + result) * 2^*exponent. */
static inline VECTOR reduced_exp(VECTOR x, VECTOR *exponent)
{
	*exponent = NEAREST(x * LOG2_E);
	return exp_series(MLA(*exponent, -LN2_LOW, MLA(*exponent, -LN2_HIGH, x)));
}

static inline int are_within(VECTOR x, VECTOR most)
{
	return __builtin_expect(ARE_ALL(IS_LESS(MAGNITUDE(x), most)), 1);
}

static inline VECTOR own_exp(VECTOR x)
{
	if (!are_within(x, NUMBER(708.0, 87.0f)))
		return SLEEF(exp, )(x);
	VECTOR exponent, part = reduced_exp(x, &exponent), unit = power_of_2(exponent);
	return MLA(unit, part, unit);
}

static inline VECTOR own_exp2(VECTOR x)
{
	if (!are_within(x, NUMBER(1022.0, 126.0f)))
		return SLEEF(exp2, _u35)(x);
	VECTOR exponent = NEAREST(x), part = exp_series((x - exponent) * BOTH(0.6931471805599453)), unit = power_of_2(exponent);
	return MLA(unit, part, unit);
}

static inline VECTOR own_exp10(VECTOR x)
{
	if (!are_within(x, NUMBER(307.0, 37.0f)))
		return SLEEF(exp10, _u35)(x);
	VECTOR exponent = NEAREST(x * BOTH(3.321928094887362));
	VECTOR r = MLA(exponent, -NUMBER(L10L, L10Lf), MLA(exponent, -NUMBER(L10U, L10Uf), x));
	VECTOR part = exp_series(r * BOTH(2.302585092994046)), unit = power_of_2(exponent);
	return MLA(unit, part, unit);
}

static inline VECTOR own_expm1(VECTOR x)
{
	VECTOR exponent;
	VECTOR part = reduced_exp(LARGER(BOTH(-50.0), SMALLER(NUMBER(710.0, 89.0f), x)), &exponent);
	VECTOR half = power_of_2(exponent - BOTH(1.0)), result = MLA(half, part, half - BOTH(0.5));
	return result + result;
}

/* The limits of sinh and cosh are beyond those that overflow, and still have a quarter of exp within. */
static inline VECTOR own_sinh(VECTOR x)
{
	VECTOR exponent;
	VECTOR part = reduced_exp(SMALLER(NUMBER(710.5, 89.5f), MAGNITUDE(x)), &exponent);
	VECTOR quarter = power_of_2(exponent - BOTH(2.0)), less = MLA(quarter, part, quarter - BOTH(0.25));
	VECTOR half = less + less / MLA(BOTH(4.0), less, BOTH(1.0));
	return WITH_SIGN(half + half, x);
}

static inline VECTOR own_cosh(VECTOR x)
{
	VECTOR exponent;
	VECTOR part = reduced_exp(SMALLER(NUMBER(710.5, 89.5f), MAGNITUDE(x)), &exponent);
	VECTOR quarter = power_of_2(exponent - BOTH(2.0)), all = MLA(quarter, part, quarter);
	VECTOR half = all + BOTH(0.0625) / all;
	return half + half;
}

static inline VECTOR own_tanh(VECTOR x)
{
	VECTOR exponent, a = MAGNITUDE(x);
	VECTOR part = reduced_exp(SMALLER(NUMBER(40.0, 20.0f), a + a), &exponent);
	VECTOR half = power_of_2(exponent - BOTH(1.0)), less = MLA(half, part, half - BOTH(0.5));
	return WITH_SIGN(less / (less + BOTH(1.0)), x);
}

/* erf(x) / x - 1 for |x| <= 1, by x * x. */
static inline VECTOR erf_series(VECTOR x2)
{
	VECTOR x4 = x2 * x2, x8 = x4 * x4;
#ifdef FLOAT
	return POLY7(x2, x4, x8, 7.853877531619129e-05f, -0.0008010198262436547f, 0.005188328186418862f, -0.02685381219099736f,
	             0.11283585154976807f, -0.3761262582492003f, 0.12837916572682329f);
#else
	return POLY12(x2, x4, x8, x8 * x8, -7.779456921831149e-10, 1.37109745673122e-08, -1.6206312501557555e-07, 1.6447131419811136e-06,
	              -1.4924712290816286e-05, 0.00012055293576377275, -0.0008548325929299106, 0.005223977606118201, -0.02686617064311144,
	              0.11283791670944185, -0.3761263890318352, 0.12837916709551256);
#endif
}

/* -log(erfc(a)), where a is between 1 and the limit of own_erf. */
static inline VECTOR minus_log_of_erfc(VECTOR a)
{
	VECTOR a2 = a * a, a4 = a2 * a2;
#ifdef FLOAT
	return POLY7(a, a2, a4, -0.0001855702353067363f, 0.002939570194391108f, -0.021805169791949054f, 0.10303705869407044f,
	             0.6382260335192154f, 1.1270398221756655f, 0.00035377192316658025f);
#else
	VECTOR a8 = a4 * a4;
	return POLY18(a, a2, a4, a8, a8 * a8, 4.8631257216042205e-12, -2.0196002940381138e-10, 3.888719984068636e-09, -4.591935001048754e-08,
	              3.694630045935851e-07, -2.114246027638633e-06, 8.576511881623737e-06, -2.2525673082176866e-05, 1.950493870833642e-05,
	              0.00013659116985994505, -0.0007731001617504414, 0.0019190146389710479, -0.0004136011358295009, -0.018987996269371157,
	              0.10270226606171234, 0.6366440635891575, 1.1283739898413117, 5.134324290638041e-07);
#endif
}

static inline VECTOR own_erf(VECTOR x)
{
	VECTOR a = MAGNITUDE(x), small = MLA(x, erf_series(x * x), x), exponent;
	vopmask is_small = IS_LESS(a, BOTH(1.0));
	if (ARE_ALL(is_small))
		return small;
	VECTOR part = reduced_exp(-minus_log_of_erfc(SMALLER(NUMBER(5.95, 3.95f), a)), &exponent), unit = power_of_2(exponent);
	return SELECT(is_small, small, WITH_SIGN((BOTH(1.0) - unit) - unit * part, x));
}

/* (a + 3) * exp(a * a) * erfc(a) for a >= 3/4, by q = (a - 3) / (a + 3): the result and *rest, which it loses. The first number has more
 * digits than one holds.
 */
static inline VECTOR erfc_series(VECTOR q, VECTOR *rest)
{
	VECTOR q2 = q * q, q4 = q2 * q2, q8 = q4 * q4;
#ifdef FLOAT
	VECTOR series = POLY8(q, q2, q4,
	                      -0.00046067393331574184f, 0.0028321195392774236f, -0.0012364973836072352f, -0.026776392678073645f,
	                      0.11953004633414935f, -0.31047202331463314f, 0.5902283158585169f, -0.8833943335675778f);
	VECTOR first = C2V(1.0740069150924683f), more = MLA(q, series, C2V(-8.428429631383084e-09f));
#else
	/* The last steps one by one: their errors count. */
	VECTOR series = POLY14(q, q2, q4, q8,
	                       8.723568383106365e-08, -1.7941698216246035e-07, -4.756235554085376e-07, 9.789930490178169e-07,
	                       2.8106533828844186e-06, -4.749340205273474e-06, -1.748678610378735e-05, 3.040030409317633e-05,
	                       0.00010756486831653889, -0.0002767784987893951, -0.0005483101066736092, 0.0030340620899242934,
	                       -0.0012124165984457058, -0.02682723463033469);
	series = MLA(q, MLA(q, series, C2V(0.11952776128628088)), C2V(-0.3104672619004018));
	series = MLA(q, MLA(q, series, C2V(0.5902283571041157)), C2V(-0.883394453169885));
	VECTOR first = C2V(1.0740069070883396), more = MLA(q, series, C2V(1.0145713774663093e-16));
#endif
	VECTOR sum = first + more;
	*rest = more - (sum - first);
	return sum;
}

static inline VECTOR own_erfc(VECTOR x)
{
	VECTOR a = SMALLER(NUMBER(28.0, 11.0f), MAGNITUDE(x));
	/* a * a is the square of the upper half of its digits, which is exact, and a rest. */
	VECTOR upper = (VECTOR)((BITS)a & ~((BITS){ 0 } + (1 << (MANTISSA_BITS + 1) / 2) - 1));
	VECTOR square = upper * upper, less = (a - upper) * (a + upper);
	VECTOR exponent = NEAREST(square * -LOG2_E);
	VECTOR part = exp_series(MLA(exponent, -LN2_LOW, MLA(exponent, -LN2_HIGH, -square)) - less);
	VECTOR inverse = BOTH(1.0) / (a + BOTH(3.0)), rest;
	VECTOR result = erfc_series((a - BOTH(3.0)) * inverse, &rest) * inverse;
	VECTOR within = LARGER(NUMBER(-1000.0, -120.0f), exponent);
	result = (result + MLA(result, part, rest * inverse)) * power_of_2(within) * power_of_2(exponent - within);
	result = SELECT(IS_LESS(x, BOTH(0.0)), BOTH(2.0) - result, result);
	return SELECT(IS_LESS(a, BOTH(0.75)), BOTH(1.0) - MLA(x, erf_series(x * x), x), result);
}

/* The root of the mantissa by a polynomial and a step of Halley's; the exponent's third, and what is left of it. */
static inline VECTOR own_cbrt(VECTOR x)
{
	VECTOR a = MAGNITUDE(x), least = NUMBER(0x1p-1022, 0x1p-126f);
	vopmask is_small = IS_LESS(a, least);
	VECTOR mantissa, exponent = split(SELECT(is_small, a * NUMBER(0x1p54, 0x1p24f), a), &mantissa);
	exponent = exponent - SELECT(is_small, NUMBER(54.0, 24.0f), BOTH(0.0));
	VECTOR third = NEAREST(exponent * BOTH(0.3333333333333333)), left = exponent - BOTH(3.0) * third;
	/* The mantissa times 2, 1 or 1/2; the estimate is good from 3/4 to 3/2. */
	vopmask is_more = IS_LESS(BOTH(0.5), left), is_less = IS_LESS(left, BOTH(-0.5));
	VECTOR m = mantissa * SELECT(is_more, BOTH(2.0), SELECT(is_less, BOTH(0.5), BOTH(1.0)));
	VECTOR factor = SELECT(is_more, BOTH(1.2599210498948732), SELECT(is_less, BOTH(0.7937005259840998), BOTH(1.0)));
	VECTOR m2 = mantissa * mantissa;
#ifdef FLOAT
	VECTOR y = factor * POLY3(mantissa, m2, -0.09742883784351865f, 0.5323455715451147f, 0.564682704956575f);
#else
	VECTOR y = factor * POLY6(mantissa, m2, m2 * m2, 0.020477954587760853, -0.14468577811094907, 0.4367079279942588, -0.7579089404818605,
	                          1.0153597175827074, 0.43004921831470205);
#endif
	VECTOR y3 = y * y * y;
	y = y - y * ((y3 - m) / MLA(BOTH(2.0), y3, m));
	VECTOR result = WITH_SIGN(y * power_of_2(third), x);
	return SELECT(IS_LESS(BOTH(0.0), a), SELECT(IS_EQUAL(a, INFINITE), x, result), x + x);
}

/* For arguments of which no square can be too large or lost. */
static inline VECTOR own_hypot(VECTOR x, VECTOR y)
{
	VECTOR larger = LARGER(MAGNITUDE(x), MAGNITUDE(y));
	vopmask is_fast = vand_vo_vo_vo(IS_LESS(NUMBER(0x1p-480, 0x1p-50f), larger), IS_LESS(larger, NUMBER(0x1p500, 0x1p60f)));
	if (__builtin_expect(!ARE_ALL(is_fast), 0))
		return SLEEF(hypot, _u35)(x, y);
	VECTOR square = MLA(x, x, y * y);
#if defined ENABLE_AVX512F && !defined FLOAT
	/* Faster than the instruction for 8 roots: an estimate of 14 bits, which two steps make 53. */
	VECTOR inverse = _mm512_rsqrt14_pd(square), root = square * inverse, half = inverse * C2V(0.5);
	VECTOR error = MLA(-root, half, C2V(0.5));
	root = MLA(root, error, root);
	half = MLA(half, error, half);
	return MLA(MLA(-root, root, square), half, root);
#else
	return SQUARE_ROOT(square);
#endif
}

#if defined ENABLE_FMA_DP && !defined FLOAT
/* The trigonometric functions where multiples of pi can be taken away in three exact steps, if all arguments allow that. */
#define MOST_TURNS 0x1p20

/* x - turns * pi, or that of pi / 2 with half a `unit`. */
static inline VECTOR without_turns(VECTOR x, VECTOR turns, double unit)
{
	x = MLA(turns, C2V(-0x1.921fb54442d18p+1 * unit), x);
	x = MLA(turns, C2V(-0x1.1a62633145c07p-53 * unit), x);
	return MLA(turns, C2V(0x1.f1976b7ed8fbcp-109 * unit), x);
}

/* sin from -pi/2 to pi/2; negative if the last bit of `shifted` is set. */
static inline VECTOR sine(VECTOR r, VECTOR shifted)
{
	VECTOR r2 = r * r, r4 = r2 * r2;
	VECTOR series = POLY8(r2, r4, r4 * r4, 2.721166061712267e-15, -7.642990661845216e-13, 1.6058939674812448e-10, -2.5052106872198358e-08,
	                      2.7557319211130838e-06, -0.00019841269841209183, 0.008333333333333194, -0.16666666666666666);
	return (VECTOR)((BITS)MLA(r * r2, series, r) ^ ((BITS)shifted << 63));
}

static inline VECTOR own_sin(VECTOR x)
{
	if (!are_within(x, C2V(MOST_TURNS)))
		return SLEEF(sin, )(x);
	VECTOR shifted = MLA(x, C2V(M_1_PI), SHIFT);
	return sine(without_turns(x, shifted - SHIFT, 1), shifted);
}

static inline VECTOR own_cos(VECTOR x)
{
	if (!are_within(x, C2V(MOST_TURNS)))
		return SLEEF(cos, )(x);
	VECTOR shifted = MLA(x, C2V(M_1_PI), C2V(0.5)) + SHIFT;
	return sine(without_turns(x, (shifted - SHIFT) - C2V(0.5), 1), shifted);
}

/* By the tangent of half of what is left. */
static inline VECTOR own_tan(VECTOR x)
{
	if (!are_within(x, C2V(MOST_TURNS)))
		return SLEEF(tan, )(x);
	VECTOR shifted = MLA(x, C2V(2 * M_1_PI), SHIFT);
	VECTOR r = C2V(0.5) * without_turns(x, shifted - SHIFT, 0.5), r2 = r * r, r4 = r2 * r2;
	VECTOR series = POLY9(r2, r4, r4 * r4, (r4 * r4) * (r4 * r4), 0.0003287344967353708, 0.0005591180547952772, 0.001461551534521779,
	                      0.003591498479047749, 0.008863277976258263, 0.021869486813971297, 0.05396825400768785, 0.1333333333328914,
	                      0.33333333333333504);
	VECTOR t = MLA(r * r2, series, r), twice = t + t, rest = MLA(-t, t, C2V(1.0));
	vopmask is_odd = IS_EQUAL((VECTOR)(((BITS)shifted & 1) << 62), C2V(2.0));
	return SELECT(is_odd, -rest, twice) / SELECT(is_odd, twice, rest);
}
#else
#define own_sin SLEEF(sin, )
#define own_cos SLEEF(cos, )
#define own_tan SLEEF(tan, )
#endif
