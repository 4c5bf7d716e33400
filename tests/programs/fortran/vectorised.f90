! Loops over mathematical functions, which the compiler makes to work on vectors where it may: none of glibc's vector functions is called.
!# cflags: -O3
program vectorised
  implicit none
  integer, parameter :: n = 1000
  real(8) :: x(n), y(n)
  real(4) :: s(n)
  complex(8) :: z
  integer :: i

  x = [(0.001d0 * i, i = 1, n)]
  s = real(x)
  y = sin(x) + cos(x) * exp(-x) + log(x) + x**1.5d0 + tan(x) + atan(x) + log10(x)
  print '(a, f0.9)', 'double ', sum(y)
  s = sin(s) + cos(s) * exp(-s) + log(s)
  print '(a, f0.2)', 'single ', sum(s)
  z = (400d0, 1d0)
  print '(a, 2f8.4)', 'tanh ', tanh(z)
  z = cmplx(1d0, x(1) - x(1), 8)
  print '(a, 2f8.4)', 'atan ', atan(z)
  z = (1d8, 1d0)
  print '(a, 2f12.6)', 'asin ', asin(z)
end program
