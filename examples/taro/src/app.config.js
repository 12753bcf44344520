export default {
  pages: ['pages/phone-login/phone-login', 'pages/my-account/my-account'],
  window: {
    navigationBarTitleText: '号码',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
  },
}
