! The language: allocatables, types with procedures, C interoperability, quad precision, IEEE arithmetic, intrinsics.
module shapes
  implicit none
  type, abstract :: shape
    character(len=:), allocatable :: name
  contains
    procedure(area_of), deferred :: area
    procedure :: describe
  end type
  abstract interface
    function area_of(self) result(area)
      import :: shape
      class(shape), intent(in) :: self
      real(8) :: area
    end function
  end interface
  type, extends(shape) :: square
    real(8) :: side
  contains
    procedure :: area => area_of_square
    final :: gone
  end type
contains
  function area_of_square(self) result(area)
    class(square), intent(in) :: self
    real(8) :: area
    area = self%side**2
  end function
  subroutine describe(self)
    class(shape), intent(in) :: self
    print '(a, 1x, f0.2)', self%name, self%area()
  end subroutine
  subroutine gone(self)
    type(square), intent(inout) :: self
    print *, 'finalised ', self%name
  end subroutine
end module

module order
  use iso_c_binding
  implicit none
  interface
    subroutine qsort(base, count, size, compare) bind(c)
      import :: c_ptr, c_size_t, c_funptr
      type(c_ptr), value :: base
      integer(c_size_t), value :: count, size
      type(c_funptr), value :: compare
    end subroutine
    function strlen(text) bind(c) result(length)
      import :: c_char, c_size_t
      character(kind=c_char), intent(in) :: text(*)
      integer(c_size_t) :: length
    end function
  end interface
contains
  function compare(a, b) bind(c) result(sign)
    integer(c_int), intent(in) :: a, b
    integer(c_int) :: sign
    sign = a - b
  end function
end module

program language
  use iso_c_binding
  use iso_fortran_env
  use ieee_arithmetic
  use shapes
  use order
  implicit none
  class(shape), allocatable :: thing
  integer, allocatable :: grown(:)
  integer(c_int), target :: numbers(6) = [5, 3, 9, -1, 7, 2]
  real(real128) :: q
  real(real64) :: a(3, 3), b(3, 3), nothing
  character(len=:), allocatable :: text
  integer :: i, status
  logical :: raised
  type(ieee_status_type) :: saved

  thing = square(name='square', side=1.5d0)
  call thing%describe()
  deallocate (thing)
  grown = [integer ::]
  do i = 1, 5
    grown = [grown, i * i]
  end do
  print *, size(grown), sum(grown), maxloc(grown), pack(grown, mod(grown, 2) == 1)
  allocate (grown(3), stat=status)
  print *, 'allocated twice', status /= 0
  call qsort(c_loc(numbers), 6_c_size_t, c_sizeof(numbers(1)), c_funloc(compare))
  print *, numbers, strlen('four' // c_null_char)
  q = 2
  q = sqrt(q)
  print *, q, exp(1.0_real128), gamma(0.5_real128), epsilon(q)
  a = reshape([(real(i, 8), i = 1, 9)], [3, 3])
  b = matmul(transpose(a), a)
  print '(3f8.1)', b
  print *, dot_product(a(:, 1), a(:, 2)), norm2(a), any(a > 8), count(a > 4), cshift([1, 2, 3, 4], 1)
  call ieee_get_status(saved)
  call ieee_set_halting_mode(ieee_divide_by_zero, .false.)
  nothing = 0
  q = 1 / nothing
  call ieee_get_flag(ieee_divide_by_zero, raised)
  print *, raised, ieee_is_finite(1 / nothing), ieee_is_nan(ieee_value(nothing, ieee_quiet_nan))
  call ieee_set_status(saved)
  text = repeat('ab', 3) // achar(33)
  print *, text, len(text), index(text, 'ba'), verify('aab', 'a'), adjustr('x  '), scan('fortran', 'tr')
  print *, bessel_j0(1.0d0), erf(0.5d0), hypot(3.0d0, 4.0d0), log_gamma(10.0d0), modulo(-7, 3), ishft(1, 10), popcnt(255)
  print *, int(z'ff'), real_kinds, transfer(1.0, 1), compiler_version() /= ''
  block
    integer :: seed(8), length
    real :: chance(1000)
    call random_seed(size=length)
    seed = [(i * 77, i = 1, 8)]
    call random_seed(put=seed)
    call random_number(chance)
    print *, length, chance(1000), sum(chance) > 400
  end block
end program
