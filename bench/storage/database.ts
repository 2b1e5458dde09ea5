import { inTurn } from "../in-turn.ts";
import { connect, type Session } from "./session.ts";

export const owner = "fieldgate_bench_owner";
export const member = "fieldgate_bench_member";

/** The database, and its twin to which the further datasets are added. */
export const quiet = "fieldgate_bench_storage";
export const crowded = "fieldgate_bench_storage_crowded";

/** The connection string of another database of the same server. */
export function inDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements, none of which may share a transaction, on the server's own database. */
export async function administer(server: string, statements: readonly string[]): Promise<void> {
  const session = await connect(server);
  try {
    await inTurn(statements, (statement) => session.script(statement));
  } finally {
    await session.close();
  }
}

/** What removes both databases. */
export const dropAll: readonly string[] = [quiet, crowded].map(
  (name) => `drop database if exists ${name} with (force)`,
);

const role = (name: string): string =>
  `do $$ begin create role ${name} nologin nosuperuser nobypassrls;
   exception when duplicate_object then null; end $$;`;

/** Makes the roles, schemas and the gate that the views ask. */
export async function prepare(session: Session): Promise<void> {
  await session.script(`
    set maintenance_work_mem = '256MB';
    ${role(owner)} ${role(member)}
    create schema fieldgate authorization ${owner};
    create schema data authorization ${owner};
    create schema generic authorization ${owner};
    grant usage on schema fieldgate, data, generic to ${member};
    set role ${owner};
    ${gate}`);
}

const gate = `
  create table fieldgate.dataset (
    tenant_id uuid, id uuid, access_level text not null, primary key (tenant_id, id));
  create function fieldgate.current_tenant() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('fieldgate.tenant', true), '')::uuid;
  create function fieldgate.reaches(tenant uuid, dataset uuid, asker name) returns boolean
    language plpgsql stable parallel safe security definer set search_path = '' as $$
    begin
      if tenant is distinct from fieldgate.current_tenant() then return false; end if;
      if asker = '${member}' then return true; end if;
      return exists (select from fieldgate.dataset d
        where d.tenant_id = tenant and d.id = dataset and d.access_level = 'OPEN');
    end $$;`;
