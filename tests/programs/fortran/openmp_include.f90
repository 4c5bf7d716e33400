! Older Fortran includes omp_lib.h, and calls the library's procedures without interfaces.
!# cflags: -fopenmp -std=gnu
!# libs: -Wl,-u,pthread_mutex_destroy
subroutine without_interfaces(members)
  integer members, omp_get_thread_num
  external omp_get_thread_num, omp_set_num_threads
  call omp_set_num_threads(3)
  members = 0
!$omp parallel reduction(+: members)
  members = members + omp_get_thread_num() + 1
!$omp end parallel
end subroutine

program included
  include 'omp_lib.h'
  integer members
  integer(omp_lock_kind) lock
  call omp_init_lock(lock)
  print '(a, l2)', 'free:', omp_test_lock(lock)
  call omp_destroy_lock(lock)
  print '(a, 2i2)', 'schedules:', omp_sched_static, omp_sched_dynamic
  call without_interfaces(members)
  print '(a, i3)', 'members:', members
end program
