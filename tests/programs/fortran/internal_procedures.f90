! Internal procedures as arguments see their host's variables: gcc reaches them through code on the stack.
module quadrature
  implicit none
contains
  real function integral(f, a, b)
    interface
      real function f(x)
        real, intent(in) :: x
      end function f
    end interface
    real, intent(in) :: a, b
    integer, parameter :: steps = 1000
    integer :: i
    integral = 0.0
    do i = 1, steps
      integral = integral + f(a + (i - 0.5) * (b - a) / steps)
    end do
    integral = integral * (b - a) / steps
  end function integral
end module quadrature

program internal_procedures
  use quadrature
  implicit none
  real :: factor
  integer :: calls, i
  do i = 1, 3
    factor = i
    calls = 0
    print '(a, i0, a, f8.4, a, i0, a)', 'integral of ', i, ' x**2: ', integral(scaled, 0.0, 1.0), ' in ', calls, ' calls'
  end do
contains
  real function scaled(x)
    real, intent(in) :: x
    calls = calls + 1
    scaled = factor * x**2
  end function scaled
end program internal_procedures
