! Fortran's three ways to MPI in one program: mpif.h, the modules mpi and mpi_f08.
subroutine by_header(total)
  implicit none
  include 'mpif.h'
  integer, intent(out) :: total
  integer :: rank, ierr
  call MPI_Comm_rank(MPI_COMM_WORLD, rank, ierr)
  call MPI_Allreduce(rank + 1, total, 1, MPI_INTEGER, MPI_SUM, MPI_COMM_WORLD, ierr)
end subroutine by_header

subroutine by_f08(pi)
  use mpi_f08
  implicit none
  double precision, intent(out) :: pi
  double precision :: part, x
  integer :: rank, ranks, i
  integer, parameter :: n = 100000
  call MPI_Comm_rank(MPI_COMM_WORLD, rank)
  call MPI_Comm_size(MPI_COMM_WORLD, ranks)
  part = 0
  do i = rank + 1, n, ranks
    x = (i - 0.5d0) / n
    part = part + 4 / (1 + x * x)
  end do
  call MPI_Allreduce(part / n, pi, 1, MPI_DOUBLE_PRECISION, MPI_SUM, MPI_COMM_WORLD)
end subroutine by_f08

program main
  use mpi
  implicit none
  integer :: rank, ranks, total, ierr, given, status(MPI_STATUS_SIZE)
  double precision :: pi
  character(len=8) :: word
  call MPI_Init(ierr)
  call MPI_Comm_rank(MPI_COMM_WORLD, rank, ierr)
  call MPI_Comm_size(MPI_COMM_WORLD, ranks, ierr)
  call by_header(total)
  call by_f08(pi)
  word = 'nobody'
  if (rank == ranks - 1) call MPI_Send('a word  ', 8, MPI_CHARACTER, 0, 3, MPI_COMM_WORLD, ierr)
  if (rank == 0) then
    call MPI_Recv(word, 8, MPI_CHARACTER, MPI_ANY_SOURCE, 3, MPI_COMM_WORLD, status, ierr)
    given = status(MPI_SOURCE)
    print '(a,i0,a,i0,a,f8.6,a,a,a,i0)', 'ranks ', ranks, ' total ', total, ' pi ', pi, ' ', trim(word), ' from ', given
  end if
  call MPI_Finalize(ierr)
end program main
