import type { UniLibrary } from './uni-library.ts'

/** @see https://wot-design-uni.cn */
export const wot: UniLibrary = {
  name: 'wot',
  folder: 'node_modules/wot-design-uni/components',
  prefix: 'wd',
  partsOf: {
    'avatar-group': 'avatar',
    'cell-group': 'cell',
    'checkbox-group': 'checkbox',
    col: 'row',
    'collapse-item': 'collapse',
    'drop-menu-item': 'drop-menu',
    'form-item': 'form',
    'grid-item': 'grid',
    'index-anchor': 'index-bar',
    'radio-group': 'radio',
    'sidebar-item': 'sidebar',
    step: 'steps',
    'sticky-box': 'sticky',
    tab: 'tabs',
    'tabbar-item': 'tabbar',
    'table-col': 'table',
    'navbar-capsule': 'navbar',
  },
  samples: {
    'action-sheet': '<wd-action-sheet v-model="yes" :actions="[{ name: \'选项一\' }]" />',
    avatar: '<wd-avatar-group><wd-avatar text="甲" /><wd-avatar icon="user" /></wd-avatar-group>',
    badge: '<wd-badge :model-value="8"><wd-button size="small">消息</wd-button></wd-badge>',
    button: '<wd-button icon="edit-outline">按钮</wd-button><wd-button loading>稍候</wd-button>',
    calendar: '<wd-calendar v-model="date" label="日期" />',
    'calendar-view': '<wd-calendar-view v-model="date" />',
    card: '<wd-card title="卡片">内容<template #footer>底部</template></wd-card>',
    cell: '<wd-cell-group title="分组"><wd-cell title="标题" value="内容" is-link icon="setting" /></wd-cell-group>',
    checkbox:
      '<wd-checkbox-group v-model="list"><wd-checkbox :model-value="1">甲</wd-checkbox></wd-checkbox-group>',
    circle: '<wd-circle v-model="number" :text="String(number)" />',
    collapse:
      '<wd-collapse v-model="list"><wd-collapse-item title="标题" name="1">内容</wd-collapse-item></wd-collapse>',
    'col-picker':
      '<wd-col-picker v-model="list" label="地区" :columns="[[{ label: \'北京\', value: 1 }]]" />',
    'count-down': '<wd-count-down :time="90000" />',
    'count-to': '<wd-count-to :start-val="0" :end-val="2024" />',
    curtain: '<wd-curtain :model-value="false" :width="100" />',
    'datetime-picker': '<wd-datetime-picker v-model="date" label="时间" />',
    'datetime-picker-view': '<wd-datetime-picker-view v-model="date" />',
    'drop-menu':
      '<wd-drop-menu><wd-drop-menu-item v-model="zero" :options="[{ label: \'全部\', value: 0 }]" /></wd-drop-menu>',
    fab: '<wd-fab :draggable="true"><wd-button size="small">发布</wd-button></wd-fab>',
    'floating-panel': '<wd-floating-panel>面板</wd-floating-panel>',
    form: '<wd-form :model="{ text }"><wd-input label="姓名" prop="text" v-model="text" :rules="[{ required: true, message: \'请填写\' }]" /></wd-form>',
    grid: '<wd-grid :column="3"><wd-grid-item v-for="each in 3" :key="each" icon="picture" text="文字" /></wd-grid>',
    icon: '<wd-icon name="add-circle" size="22px" />',
    img: '<wd-img :width="60" :height="60" src="/static/none.png" />',
    'img-cropper': '<wd-img-cropper :model-value="false" img-src="/static/none.png" />',
    'index-bar':
      '<view style="height: 120px"><wd-index-bar><wd-index-anchor index="A" /><wd-cell title="A1" /></wd-index-bar></view>',
    input:
      '<wd-input v-model="text" label="标签" placeholder="请输入" clearable show-word-limit :maxlength="9" />',
    'input-number': '<wd-input-number v-model="number" />',
    keyboard: '<wd-keyboard v-model="text" :visible="false" />',
    loading: '<wd-loading />',
    'message-box': '<wd-message-box />',
    navbar:
      '<wd-navbar title="标题" left-text="返回" left-arrow><template #capsule><wd-navbar-capsule /></template></wd-navbar>',
    'notice-bar':
      '<wd-notice-bar text="通知内容通知内容通知内容通知内容通知内容通知内容" prefix="warn-bold" />',
    'number-keyboard': '<wd-number-keyboard v-model="text" :visible="false" />',
    pagination: '<wd-pagination v-model="number" :total="100" show-icon />',
    'password-input': '<wd-password-input v-model="text" :focused="false" />',
    picker: '<wd-picker v-model="text" label="城市" :columns="[\'杭州\', \'宁波\']" />',
    'picker-view': '<wd-picker-view v-model="text" :columns="[\'杭州\', \'宁波\']" />',
    popover: '<wd-popover content="气泡"><wd-button size="small">点我</wd-button></wd-popover>',
    popup: '<wd-popup :model-value="false">弹层</wd-popup>',
    progress: '<wd-progress :percentage="60" />',
    radio:
      '<wd-radio-group v-model="number"><wd-radio :value="1">甲</wd-radio><wd-radio :value="2">乙</wd-radio></wd-radio-group>',
    rate: '<wd-rate v-model="number" />',
    'root-portal': '<wd-root-portal><view>传送</view></wd-root-portal>',
    row: '<wd-row :gutter="10"><wd-col :span="8">8</wd-col><wd-col :span="16">16</wd-col></wd-row>',
    search: '<wd-search v-model="text" />',
    segmented: '<wd-segmented v-model:value="text" :options="[\'甲\', \'乙\']" />',
    'select-picker':
      '<wd-select-picker v-model="list" label="多选" :columns="[{ label: \'甲\', value: 1 }]" />',
    sidebar: '<wd-sidebar v-model="zero"><wd-sidebar-item :value="0" label="标签" /></wd-sidebar>',
    signature: '<wd-signature :height="120" />',
    skeleton: '<wd-skeleton :row-col="[1, 1, { width: \'60%\' }]" />',
    'slide-verify': '<wd-slide-verify tolerance="10" />',
    slider: '<wd-slider v-model="number" />',
    'sort-button': '<wd-sort-button v-model="zero" title="价格" />',
    'status-tip': '<wd-status-tip tip="没有内容" />',
    steps: '<wd-steps :active="0"><wd-step title="一" /><wd-step title="二" /></wd-steps>',
    sticky: '<wd-sticky-box><wd-sticky><wd-tag>吸顶</wd-tag></wd-sticky></wd-sticky-box>',
    'swipe-action':
      '<wd-swipe-action><wd-cell title="滑动" /><template #right><view>删除</view></template></wd-swipe-action>',
    swiper: '<wd-swiper :list="[\'/static/none.png\']" v-model:current="zero" :height="80" />',
    'swiper-nav': '<wd-swiper-nav :total="3" :current="0" />',
    switch: '<wd-switch v-model="yes" />',
    tabbar: '<wd-tabbar v-model="zero"><wd-tabbar-item title="首页" icon="home" /></wd-tabbar>',
    table: '<wd-table :data="[{ name: \'关羽\' }]"><wd-table-col prop="name" label="姓名" /></wd-table>',
    tabs: '<wd-tabs v-model="zero"><wd-tab title="一">内容一</wd-tab><wd-tab title="二">内容二</wd-tab></wd-tabs>',
    tag: '<wd-tag type="primary">标签</wd-tag>',
    text: '<wd-text text="13800138000" mode="phone" :format="true" />',
    textarea: '<wd-textarea v-model="text" placeholder="请填写" />',
    tooltip: '<wd-tooltip content="提示"><wd-button size="small">点我</wd-button></wd-tooltip>',
    tour: '<wd-tour :model-value="false" :steps="[{ element: \'#tour\', content: \'看这里\' }]" />',
    transition: '<wd-transition :show="yes" name="fade">淡入</wd-transition>',
    upload: '<wd-upload :file-list="[]" />',
    'video-preview': '<wd-video-preview />',
    watermark:
      '<view style="position: relative; height: 60px"><wd-watermark content="水印" :full-screen="false" /></view>',
  },
  asksPrivacy: true,
  login: `<wd-tabs v-model="tab">
  <wd-tab title="手机号登录">
    <view class="form">
      <wd-input v-model="name" label="称呼" placeholder="怎么称呼您" />
      <view class="gap" />
      <wd-button block open-type="getPhoneNumber" @getphonenumber="onQuick">手机号快捷登录</wd-button>
      <view class="gap" />
      <wd-button block plain open-type="getRealtimePhoneNumber" @getrealtimephonenumber="onRealtime">手机号实时验证</wd-button>
      <view class="gap" />
      <wd-button block type="info" @click="isOpen = true">更多方式</wd-button>
    </view>
  </wd-tab>
  <wd-tab title="说明"><view class="form">为什么需要手机号</view></wd-tab>
</wd-tabs>
<wd-popup v-model="isOpen" position="bottom">
  <view class="form"><phone-login-button rebind text="在弹层里登录" @success="onSuccess" /></view>
</wd-popup>`,
}
