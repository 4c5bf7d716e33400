! An error of the runtime: the message, where in the source, exit status.
!# cflags: -g -O0 -fcheck=bounds
!# status: 2
!# stderr-contains: At line 17 of file
!# stderr-contains: Fortran runtime error: Index '11' of dimension 1 of array 'a' above upper bound of 10
!# stderr-contains: runtime_error.f90:17
program runtime_error
  implicit none
  print *, 'before'
  flush (6)
  call write_at(11)
contains
  subroutine write_at(i)
    integer, intent(in) :: i
    integer, volatile :: a(10)
    a = 0
    a(i) = 1
    print *, a(1)
  end subroutine
end program
