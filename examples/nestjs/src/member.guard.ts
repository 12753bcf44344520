import type { Haoma, MemberSession } from '@haoma/server'
import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common'
import type { Request } from 'express'
import { HAOMA } from './haoma.js'

type RequestOfMember = Request & { member?: MemberSession }

/** Lets in whoever brings a living session. */
@Injectable()
export class MemberGuard implements CanActivate {
  constructor(@Inject(HAOMA) private readonly haoma: Haoma) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestOfMember>()
    request.member = await this.haoma.verify(request.headers.authorization)
    if (!request.member) throw new UnauthorizedException()
    return true
  }
}

/** The member whom {@link MemberGuard} let in. */
export const Member = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<RequestOfMember>().member,
)
