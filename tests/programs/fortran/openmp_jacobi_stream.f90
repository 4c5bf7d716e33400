! openmp/jacobi_stream in Fortran: array sections, workshare, reductions.
!# cflags: -fopenmp
!# libs: -Wl,-u,pthread_mutex_destroy
!# cpus: 1 2 4
program jacobi_stream
  use, intrinsic :: iso_fortran_env, only: real64
  implicit none
  integer, parameter :: length = 2**20, grid = 200, sweeps = 300
  call stream
  call jacobi
contains
  subroutine stream
    real(real64), allocatable :: a(:), b(:), c(:)
    integer :: i, repeat, wrong
    allocate (a(length), b(length), c(length))
    !$omp parallel do
    do i = 1, length
      a(i) = i
      b(i) = 2
      c(i) = 0
    end do
    do repeat = 1, 3
      !$omp parallel workshare
      c = a
      b = 3 * c
      c = a + b
      a = b + 3 * c
      !$omp end parallel workshare
    end do
    wrong = 0
    !$omp parallel do reduction(+: wrong) schedule(guided)
    do i = 1, length
      if (abs(a(i) - 3375.0_real64 * i) > 0) wrong = wrong + 1
    end do
    print '(a, i0, a)', 'stream: ', wrong, ' wrong'
  end subroutine

  subroutine jacobi
    real(real64) :: now(grid, grid), next(grid, grid), change
    integer :: i, j, sweep
    now = 0
    now(:, 1) = 1
    next = now
    do sweep = 1, sweeps
      change = 0
      !$omp parallel do reduction(max: change) private(i)
      do j = 2, grid - 1
        do i = 2, grid - 1
          next(i, j) = (now(i - 1, j) + now(i + 1, j) + now(i, j - 1) + now(i, j + 1)) / 4
          change = max(change, abs(next(i, j) - now(i, j)))
        end do
      end do
      !$omp parallel do schedule(dynamic)
      do j = 2, grid - 1
        now(2:grid - 1, j) = next(2:grid - 1, j)
      end do
    end do
    print '(a, es24.16, a, es24.16)', 'jacobi: ', now(grid / 2, grid / 4), ', still ', change
  end subroutine
end program
