import type { UniLibrary } from './uni-library.ts'

/** @see https://uniapp.dcloud.net.cn/component/uniui/uni-ui.html */
export const uniUi: UniLibrary = {
  name: 'uni-ui',
  folder: 'node_modules/@dcloudio/uni-ui/lib',
  prefix: 'uni',
  partsOf: {
    'breadcrumb-item': 'breadcrumb',
    col: 'row',
    'collapse-item': 'collapse',
    'data-pickerview': 'data-picker',
    'forms-item': 'forms',
    'grid-item': 'grid',
    'list-ad': 'it needs an ad of WeChat',
    'list-chat': 'list',
    'list-item': 'list',
    'popup-dialog': 'popup',
    'popup-message': 'popup',
    'popup-share': 'popup',
    'swipe-action-item': 'swipe-action',
    tbody: 'table',
    td: 'table',
    th: 'table',
    thead: 'table',
    tr: 'table',
  },
  samples: {
    badge: '<uni-badge text="8" />',
    breadcrumb:
      '<uni-breadcrumb separator="/"><uni-breadcrumb-item>首页</uni-breadcrumb-item></uni-breadcrumb>',
    calendar: '<uni-calendar :insert="true" :lunar="true" />',
    card: '<uni-card title="标题" extra="额外">内容</uni-card>',
    collapse: '<uni-collapse><uni-collapse-item title="标题" open>内容</uni-collapse-item></uni-collapse>',
    combox: '<uni-combox label="城市" :candidates="[\'北京\']" v-model="text" />',
    countdown: '<uni-countdown :day="1" :hour="2" />',
    'data-checkbox':
      '<uni-data-checkbox v-model="zero" :localdata="[{ value: 0, text: \'甲\' }, { value: 1, text: \'乙\' }]" />',
    'data-picker': '<uni-data-picker :localdata="[{ value: 1, text: \'北京\' }]" popup-title="地区" />',
    'data-select': '<uni-data-select v-model="number" :localdata="[{ value: 1, text: \'篮球\' }]" />',
    dateformat: '<uni-dateformat :date="date" />',
    'datetime-picker': '<uni-datetime-picker type="date" v-model="text" />',
    drawer: '<uni-drawer>抽屉</uni-drawer>',
    easyinput: '<uni-easyinput v-model="text" placeholder="请输入" prefix-icon="search" />',
    fab: '<uni-fab :content="[{ text: \'相册\', active: false }]" />',
    fav: '<uni-fav :checked="yes" />',
    'file-picker': '<uni-file-picker :auto-upload="false" />',
    forms:
      '<uni-forms :model-value="{ text }"><uni-forms-item label="姓名" name="text" required><uni-easyinput v-model="text" /></uni-forms-item></uni-forms>',
    'goods-nav': "<uni-goods-nav :options=\"[{ icon: 'cart', text: '购物车' }]\" />",
    grid: '<uni-grid :column="3"><uni-grid-item :index="0"><text>文字</text></uni-grid-item></uni-grid>',
    group: '<uni-group title="分组">内容</uni-group>',
    icons: '<uni-icons type="contact" size="30" />',
    'indexed-list':
      '<view style="height: 160px; position: relative"><uni-indexed-list :options="[{ letter: \'A\', data: [\'阿克苏\'] }]" /></view>',
    link: '<uni-link href="https://example.com" text="链接" />',
    list: '<uni-list><uni-list-item title="标题" note="描述" link /><uni-list-chat title="会话" note="您好" badge-text="1" avatar="/static/none.png" /></uni-list>',
    'load-more': '<uni-load-more status="loading" />',
    'nav-bar': '<uni-nav-bar title="标题" left-icon="left" />',
    'notice-bar': '<uni-notice-bar scrollable single text="通知内容通知内容通知内容通知内容" />',
    'number-box': '<uni-number-box v-model="number" />',
    pagination: '<uni-pagination :total="50" />',
    popup:
      '<uni-popup type="dialog"><uni-popup-dialog title="标题" content="内容" /></uni-popup><uni-popup type="message"><uni-popup-message message="消息" /></uni-popup><uni-popup type="share"><uni-popup-share title="分享" /></uni-popup>',
    rate: '<uni-rate v-model="number" />',
    row: '<uni-row><uni-col :span="8">8</uni-col><uni-col :span="16">16</uni-col></uni-row>',
    'search-bar': '<uni-search-bar v-model="text" />',
    section: '<uni-section title="标题" type="line" />',
    'segmented-control': '<uni-segmented-control :current="0" :values="[\'一\', \'二\']" />',
    steps: '<uni-steps :active="1" :options="[{ title: \'一\' }, { title: \'二\' }]" />',
    'swipe-action':
      '<uni-swipe-action><uni-swipe-action-item :right-options="[{ text: \'删除\' }]"><view>滑动</view></uni-swipe-action-item></uni-swipe-action>',
    'swiper-dot':
      '<uni-swiper-dot :info="[{ content: \'甲\' }]" :current="0" field="content"><view style="height: 60px">轮播</view></uni-swiper-dot>',
    table:
      '<uni-table border><uni-tr><uni-th>姓名</uni-th></uni-tr><uni-tr><uni-td>关羽</uni-td></uni-tr></uni-table>',
    tag: '<uni-tag text="标签" type="primary" />',
    title: '<uni-title type="h2" title="标题" />',
    tooltip: '<uni-tooltip content="提示">长按</uni-tooltip>',
    transition: '<uni-transition :show="yes" mode-class="fade">淡入</uni-transition>',
  },
  login: `<uni-segmented-control :current="tab" :values="['手机号登录', '说明']" @clickItem="tab = $event.currentIndex" />
<view v-if="tab === 0" class="form">
  <uni-easyinput v-model="name" placeholder="怎么称呼您" />
  <view class="gap" />
  <phone-login-button rebind text="手机号快捷登录" @success="onSuccess" />
  <view class="gap" />
  <button open-type="getRealtimePhoneNumber" @getrealtimephonenumber="onRealtime">手机号实时验证</button>
  <view class="gap" />
  <button @click="popup.open()">更多方式</button>
</view>
<view v-else class="form">为什么需要手机号</view>
<uni-popup ref="popup" type="bottom" background-color="#fff">
  <view class="form"><phone-login-button rebind text="在弹层里登录" @success="onSuccess" /></view>
</uni-popup>`,
}
