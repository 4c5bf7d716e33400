! As vector_loops.c: a loop over each intrinsic function that libm has for vectors. REAL_KIND is 8 or 4, and END what functions of that
! type have at the end of their names in C, in quotes.

subroutine loop_acos(x, result, n) bind(c, name="loop_acos" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = acos(x(i))
  end do
end subroutine

subroutine loop_acosh(x, result, n) bind(c, name="loop_acosh" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = acosh(x(i))
  end do
end subroutine

subroutine loop_asin(x, result, n) bind(c, name="loop_asin" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = asin(x(i))
  end do
end subroutine

subroutine loop_asinh(x, result, n) bind(c, name="loop_asinh" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = asinh(x(i))
  end do
end subroutine

subroutine loop_atan(x, result, n) bind(c, name="loop_atan" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = atan(x(i))
  end do
end subroutine

subroutine loop_atanh(x, result, n) bind(c, name="loop_atanh" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = atanh(x(i))
  end do
end subroutine

subroutine loop_cos(x, result, n) bind(c, name="loop_cos" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = cos(x(i))
  end do
end subroutine

subroutine loop_cosh(x, result, n) bind(c, name="loop_cosh" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = cosh(x(i))
  end do
end subroutine

subroutine loop_erf(x, result, n) bind(c, name="loop_erf" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = erf(x(i))
  end do
end subroutine

subroutine loop_erfc(x, result, n) bind(c, name="loop_erfc" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = erfc(x(i))
  end do
end subroutine

subroutine loop_exp(x, result, n) bind(c, name="loop_exp" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = exp(x(i))
  end do
end subroutine

subroutine loop_log(x, result, n) bind(c, name="loop_log" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = log(x(i))
  end do
end subroutine

subroutine loop_log10(x, result, n) bind(c, name="loop_log10" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = log10(x(i))
  end do
end subroutine

subroutine loop_sin(x, result, n) bind(c, name="loop_sin" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = sin(x(i))
  end do
end subroutine

subroutine loop_sinh(x, result, n) bind(c, name="loop_sinh" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = sinh(x(i))
  end do
end subroutine

subroutine loop_tan(x, result, n) bind(c, name="loop_tan" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = tan(x(i))
  end do
end subroutine

subroutine loop_tanh(x, result, n) bind(c, name="loop_tanh" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), result(n)
  do i = 1, n
    result(i) = tanh(x(i))
  end do
end subroutine

subroutine loop_atan2(x, y, result, n) bind(c, name="loop_atan2" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), y(n), result(n)
  do i = 1, n
    result(i) = atan2(x(i), y(i))
  end do
end subroutine

subroutine loop_hypot(x, y, result, n) bind(c, name="loop_hypot" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), y(n), result(n)
  do i = 1, n
    result(i) = hypot(x(i), y(i))
  end do
end subroutine

subroutine loop_pow(x, y, result, n) bind(c, name="loop_pow" // END)
  integer, value :: n
  real(REAL_KIND) :: x(n), y(n), result(n)
  do i = 1, n
    result(i) = x(i)**y(i)
  end do
end subroutine
