-- A user has one token of each kind, also when two are asked for at once: docs/decisions/022-identity.md.
SET ROLE fieldgate_owner;

-- DropIndex
DROP INDEX "one_time_token_tenant_id_user_id_idx";

-- Of several that were asked for at once the last one stays.
DELETE FROM one_time_token o USING one_time_token later
WHERE later.tenant_id = o.tenant_id AND later.user_id = o.user_id AND later.kind = o.kind
  AND (later.expires_at, later.id) > (o.expires_at, o.id);

-- CreateIndex
CREATE UNIQUE INDEX "one_time_token_tenant_id_user_id_kind_key" ON "one_time_token"("tenant_id", "user_id", "kind");

RESET ROLE;
