! OpenMP in Fortran: the module omp_lib within the standard, teams, reductions, critical sections, locks, tasks, threadprivate.
!# cflags: -fopenmp
!# libs: -Wl,-u,pthread_mutex_destroy
!# cpus: 1 2 4
module counters
  implicit none
  integer :: mine = 0
  !$omp threadprivate(mine)
end module

program openmp
  use omp_lib
  use counters
  implicit none
  integer(omp_lock_kind) :: lock
  integer :: i, total, members, results(0:7)
  real(kind=8) :: sum
  logical :: inside, once

  call omp_set_dynamic(.false.)
  call omp_set_num_threads(4)
  print '(a, l2, i2, l2)', 'outside:', omp_in_parallel(), omp_get_max_threads(), omp_get_dynamic()

  members = 0
  inside = .true.
  !$omp parallel reduction(+: members) reduction(.and.: inside)
  members = members + omp_get_thread_num() + 1
  inside = inside .and. omp_in_parallel() .and. omp_get_num_threads() == 4
  mine = omp_get_thread_num()
  !$omp end parallel
  print '(a, i3, l2)', 'members:', members, inside

  total = 0
  !$omp parallel reduction(+: total)
  total = total + mine
  !$omp end parallel
  print '(a, i3)', 'threadprivate:', total

  sum = 0
  !$omp parallel do reduction(+: sum) schedule(dynamic, 7)
  do i = 1, 1000
    sum = sum + i
  end do
  print '(a, f9.1)', 'sum:', sum

  call omp_init_lock(lock)
  total = 0
  once = .false.
  !$omp parallel do
  do i = 1, 100
    call omp_set_lock(lock)
    total = total + i
    call omp_unset_lock(lock)
    !$omp critical
    once = .true.
    !$omp end critical
  end do
  print '(a, i6, 2l2)', 'locked:', total, once, omp_test_lock(lock)
  call omp_destroy_lock(lock)

  !$omp parallel
  !$omp single
  do i = 0, 7
    !$omp task firstprivate(i) shared(results)
    results(i) = fibonacci(i + 10)
    !$omp end task
  end do
  !$omp end single
  !$omp end parallel
  print '(a, 8i5)', 'tasks:', results
  print '(a, l2)', 'clock:', omp_get_wtime() > 0 .and. omp_get_wtick() > 0
contains
  recursive integer function fibonacci(n) result(f)
    integer, intent(in) :: n
    if (n < 2) then
      f = n
    else
      f = fibonacci(n - 1) + fibonacci(n - 2)
    end if
  end function
end program
