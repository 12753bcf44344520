import { haoma } from '../../haoma.js'

export async function GET(request) {
  const session = await (await haoma()).verify(request)
  return session ? Response.json({ memberId: session.memberId }) : new Response(null, { status: 401 })
}
