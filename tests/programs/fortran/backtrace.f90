! A backtrace names functions, files and lines.
!# cflags: -g -O0 -std=gnu
!# status: 1
!# stderr-contains: ERROR STOP
!# stderr-contains: in inner
!# stderr-contains: backtrace.f90:19
!# stderr-contains: in outer
!# stderr-contains: backtrace.f90:16
program traced
  implicit none
  print *, 'before'
  flush (6)
  call outer()
contains
  subroutine outer()
    call inner()
  end subroutine
  subroutine inner()
    call backtrace()
    error stop
  end subroutine
end program
