export const texts = {
  jobs: {
    title: '定时任务',
    lead: '服务在后台做的事。多个进程里同一时刻只有一个在做。',
    name: '任务',
    state: '状态',
    states: {
      running: '进行中',
      waiting: '等待',
      failing: '失败',
    },
    nextAt: '下次',
    finishedAt: '上次完成',
    runs: '次数',
    failures: '连续失败',
    run: '现在运行',
    empty: '还没有任务运行过',
  },
}
