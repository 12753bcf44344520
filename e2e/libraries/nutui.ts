import type { UniLibrary } from './uni-library.ts'

/** @see https://nutui.jd.com/taro/vue/4x/ */
export const nutui: UniLibrary = {
  name: 'nutui',
  prefix: 'nut',
  partsOf: {},
  samples: {
    'action-sheet': '<nut-action-sheet :visible="false" :menu-items="[{ name: \'选项\' }]" />',
    animate: '<nut-animate type="shake" action="click">动画</nut-animate>',
    avatar: '<nut-avatar-group><nut-avatar>甲</nut-avatar></nut-avatar-group>',
    badge: '<nut-badge :value="8"><nut-button size="small">消息</nut-button></nut-badge>',
    button: '<nut-button type="primary">按钮</nut-button><nut-button loading>稍候</nut-button>',
    calendar: '<nut-calendar :visible="false" default-value="2024-05-01" />',
    'calendar-card': '<nut-calendar-card />',
    card: '<nut-card title="商品" price="388" />',
    cell: '<nut-cell-group title="分组"><nut-cell title="标题" desc="描述" is-link /></nut-cell-group>',
    checkbox:
      '<nut-checkbox-group v-model="list"><nut-checkbox :label="1">甲</nut-checkbox></nut-checkbox-group>',
    'circle-progress': '<nut-circle-progress :progress="60" />',
    collapse:
      '<nut-collapse v-model="list"><nut-collapse-item title="标题" :name="1">内容</nut-collapse-item></nut-collapse>',
    comment: "<nut-comment :info=\"{ nickName: '甲', content: '好' }\" />",
    countdown: '<nut-countdown :end-time="4070908800000" />',
    'date-picker': '<nut-date-picker />',
    divider: '<nut-divider>分割</nut-divider>',
    elevator:
      '<view style="height: 160px"><nut-elevator :index-list="[{ title: \'A\', list: [{ name: \'安徽\', id: 1 }] }]" :height="120" /></view>',
    ellipsis:
      '<nut-ellipsis content="很长的文字很长的文字很长的文字很长的文字很长的文字很长的文字" direction="end" />',
    empty: '<nut-empty description="没有内容" />',
    'fixed-nav': '<nut-fixed-nav :visible="false" :nav-list="[{ id: 1, text: \'首页\' }]" />',
    form: '<nut-form :model-value="{ text }"><nut-form-item label="姓名" prop="text"><nut-input v-model="text" placeholder="请输入" /></nut-form-item></nut-form>',
    grid: '<nut-grid :column-num="3"><nut-grid-item text="文字" /></nut-grid>',
    indicator: '<nut-indicator :size="5" :current="1" />',
    input: '<nut-input v-model="text" placeholder="请输入" clearable />',
    'input-number': '<nut-input-number v-model="number" />',
    menu: '<nut-menu><nut-menu-item v-model="zero" :options="[{ text: \'全部\', value: 0 }]" /></nut-menu>',
    navbar: '<nut-navbar title="标题" left-show />',
    noticebar: '<nut-noticebar text="通知内容通知内容通知内容通知内容通知内容" />',
    overlay: '<nut-overlay :visible="false" />',
    pagination: '<nut-pagination v-model="number" :total-items="25" :items-per-page="5" />',
    picker: '<nut-picker :columns="[{ text: \'杭州\', value: 1 }]" title="城市" />',
    popover:
      '<nut-popover :list="[{ name: \'选项\' }]"><template #reference><nut-button size="small">点我</nut-button></template></nut-popover>',
    popup: '<nut-popup :visible="false">弹层</nut-popup>',
    price: '<nut-price :price="1010" />',
    progress: '<nut-progress :percentage="30" />',
    radio: '<nut-radio-group v-model="number"><nut-radio :label="1">甲</nut-radio></nut-radio-group>',
    range: '<nut-range v-model="number" />',
    rate: '<nut-rate v-model="number" />',
    row: '<nut-row><nut-col :span="12">半</nut-col><nut-col :span="12">半</nut-col></nut-row>',
    searchbar: '<nut-searchbar v-model="text" />',
    'short-password': '<nut-short-password v-model="text" :visible="false" />',
    skeleton: '<nut-skeleton title animated row="2" />',
    space: '<nut-space><nut-tag>一</nut-tag><nut-tag>二</nut-tag></nut-space>',
    steps:
      '<nut-steps :current="1"><nut-step title="一">1</nut-step><nut-step title="二">2</nut-step></nut-steps>',
    sticky: '<nut-sticky :top="0"><nut-button size="small">吸顶</nut-button></nut-sticky>',
    swipe:
      '<nut-swipe><nut-cell title="滑动" /><template #right><nut-button shape="square">删除</nut-button></template></nut-swipe>',
    swiper: '<nut-swiper :height="60"><nut-swiper-item><view>一</view></nut-swiper-item></nut-swiper>',
    switch: '<nut-switch v-model="yes" />',
    tabbar: '<nut-tabbar><nut-tabbar-item tab-title="首页" /></nut-tabbar>',
    table: "<nut-table :columns=\"[{ title: '姓名', key: 'name' }]\" :data=\"[{ name: '关羽' }]\" />",
    tabs: '<nut-tabs v-model="zero"><nut-tab-pane title="一">内容一</nut-tab-pane><nut-tab-pane title="二">内容二</nut-tab-pane></nut-tabs>',
    tag: '<nut-tag type="primary">标签</nut-tag>',
    textarea: '<nut-textarea v-model="text" />',
    toast: '<nut-toast :visible="false" msg="提示" />',
    'trend-arrow': '<nut-trend-arrow :rate="1" />',
    uploader: '<nut-uploader url="http://127.0.0.1:1/" />',
    watermark:
      '<view style="position: relative; height: 60px"><nut-watermark content="水印" :full-page="false" /></view>',
  },
  asksPrivacy: true,
  login: `<nut-tabs v-model="tab">
  <nut-tab-pane title="手机号登录">
    <view class="form">
      <nut-input v-model="name" placeholder="怎么称呼您" />
      <view class="gap" />
      <nut-button block type="primary" open-type="getPhoneNumber" @getphonenumber="onQuick">手机号快捷登录</nut-button>
      <view class="gap" />
      <phone-login-button component="realtime" rebind text="手机号实时验证" @success="onSuccess" @denied="onDenied" />
      <view class="gap" />
      <nut-button block @click="isOpen = true">更多方式</nut-button>
    </view>
  </nut-tab-pane>
  <nut-tab-pane title="说明"><view class="form">为什么需要手机号</view></nut-tab-pane>
</nut-tabs>
<nut-popup v-model:visible="isOpen" position="bottom">
  <view class="form"><phone-login-button rebind text="在弹层里登录" @success="onSuccess" /></view>
</nut-popup>`,
}
