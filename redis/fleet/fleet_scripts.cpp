#include "redis/fleet/fleet_scripts.hpp"

namespace winnow::fleet_scripts {

// Keys: members, versions, lease, fence, changes, waiting, told, erased, values, news. Arguments: the
// replica, its report, its models' version, whether that version is to rank newest (1), the lease's time,
// after which time a silent replica is forgotten, and whether the replica would lead (1). A replica that is
// not of the version in force does not get the lease, and gives it up.
//
// A version is ranked when it is first seen, by the time of the store, but always above those before it.
//
// Any key may be evicted, deleted or overwritten. Without the stream or its group, changes were lost: the
// lease is given anew, because whoever gets it sweeps. Keys of another type are replaced. They are recognised
// by the refusal of a command that the fleet needs anyway, because TYPE would be one right more. A fencing
// number that is lost is followed by the time, which is greater than all before it. Keys that wait while the
// stream has nothing that no replica has taken are not in it, so nobody would take them. If the values are
// lost, the replicas read from the number of told values that they are to tell theirs again.
//
// After a failover the clock may be behind, so that reports seem to come from the future. The time of such a
// replica is set to now: otherwise a dead one would count as live until the clock has caught up.
const std::string_view beat = R"lua(
local t=redis.call('TIME') local now=t[1]*1000+math.floor(t[2]/1000)
local function text_of(key)
  local text=redis.pcall('GET',key)
  if type(text)~='table' then return text end
  if not string.find(text.err,'WRONGTYPE',1,true) then return redis.call('GET',key) end
  redis.call('DEL',key)
  return false
end
local function drop_other_type(key,command,...)
  local reply=redis.pcall(command,key,...)
  if type(reply)=='table' and reply.err and string.find(reply.err,'WRONGTYPE',1,true) then
    redis.call('DEL',key)
  end
end
local function told_values()
  local text=text_of(KEYS[7])
  if not text then return 0 end
  local number=#text<16 and string.match(text,'^%d+$')
  if number and redis.pcall('EXISTS',KEYS[9])~=0 then return tonumber(number) end
  redis.call('DEL',KEYS[7],KEYS[10])
  return 0
end
local function group_of_fleet()
  local groups=redis.pcall('XINFO','GROUPS',KEYS[5])
  if groups.err then
    if string.find(groups.err,'no such key',1,true) then return nil end
    if not string.find(groups.err,'WRONGTYPE',1,true) then return redis.call('XINFO','GROUPS',KEYS[5]) end
    redis.call('DEL',KEYS[5])
    return nil
  end
  for i=1,#groups do
    local g={}
    for j=1,#groups[i],2 do g[groups[i][j]]=groups[i][j+1] end
    if g['name']=='winnow' then return g end
  end
end
local function last_fence()
  local text=text_of(KEYS[4])
  return text and string.match(text,'^[1-9]%d*$') and tonumber(text)
end
local function next_fence()
  if last_fence() then return redis.call('INCR',KEYS[4]) end
  redis.call('SET',KEYS[4],string.format('%.0f',now))
  return now
end
drop_other_type(KEYS[1],'HGET','')
drop_other_type(KEYS[2],'ZSCORE','')
drop_other_type(KEYS[6],'SCARD')
drop_other_type(KEYS[8],'XLEN')
drop_other_type(KEYS[9],'HGET','')
drop_other_type(KEYS[10],'XLEN')
local fresh=0
local group=group_of_fleet()
if not group then
  redis.call('XGROUP','CREATE',KEYS[5],'winnow','0','MKSTREAM')
  redis.call('DEL',KEYS[6],KEYS[3])
  group=group_of_fleet()
  fresh=1
end
redis.call('HSET',KEYS[1],ARGV[1],string.format('%.0f',now)..' '..ARGV[3]..' '..ARGV[2])
if ARGV[4]=='1' or not redis.call('ZSCORE',KEYS[2],ARGV[3]) then
  local top=redis.call('ZREVRANGE',KEYS[2],0,0,'WITHSCORES')
  if top[1]~=ARGV[3] then
    local rank=now
    if top[2] and tonumber(top[2])>=now then rank=tonumber(top[2])+1 end
    redis.call('ZADD',KEYS[2],rank,ARGV[3])
    redis.call('ZREMRANGEBYRANK',KEYS[2],0,-101)
  end
end
local force,highest='',-1
local peers,living={},{}
local all=redis.call('HGETALL',KEYS[1])
for i=1,#all,2 do
  local seen,version,rest=string.match(all[i+1],'^(%d+) (%S+) (.*)$')
  local age=seen and now-tonumber(seen)
  if age and age<0 then
    redis.call('HSET',KEYS[1],all[i],string.format('%.0f',now)..' '..version..' '..rest)
    age=0
  end
  if age and age<=tonumber(ARGV[6]) then
    local live=0
    if age<=tonumber(ARGV[5]) then
      live=1
      living[all[i]]=true
      local rank=tonumber(redis.call('ZSCORE',KEYS[2],version) or 0)
      if rank>highest then force,highest=version,rank end
    end
    peers[#peers+1]={all[i],age,live,all[i+1]}
  else
    redis.call('HDEL',KEYS[1],all[i])
  end
end
local holder=text_of(KEYS[3])
if holder and not living[holder] then holder=false end
local fence=0
if ARGV[7]=='1' and force==ARGV[3] then
  if not holder then
    redis.call('SET',KEYS[3],ARGV[1],'PX',ARGV[5])
    holder=ARGV[1]
    fence=next_fence()
  elseif holder==ARGV[1] then
    redis.call('PEXPIRE',KEYS[3],ARGV[5])
    fence=last_fence() or next_fence()
  end
elseif holder==ARGV[1] then
  redis.call('DEL',KEYS[3])
  holder=false
end
local delivered,taken=group['last-delivered-id'],group['pending']
local lag=0
local first=redis.call('XRANGE',KEYS[5],'('..delivered,'+','COUNT',1)
if first[1] then
  lag=math.max(0,now-tonumber(string.match(first[1][1],'^%d+')))
else
  redis.call('DEL',KEYS[6])
end
local erased=redis.call('XREVRANGE',KEYS[8],'+','-','COUNT',1)
return {fence,holder or '',force,redis.call('SCARD',KEYS[6]),taken,redis.call('XLEN',KEYS[5]),lag,
  delivered,fresh,told_values(),erased[1] and erased[1][1] or '',peers}
)lua";

// Keys: members, lease. Argument: the replica.
const std::string_view leave = R"lua(
redis.call('HDEL',KEYS[1],ARGV[1])
if redis.call('GET',KEYS[2])==ARGV[1] then redis.call('DEL',KEYS[2]) end
return 1
)lua";

// Keys: fence, waiting, changes. Arguments: the fencing number, how many keys may wait, the changed keys.
const std::string_view enqueue = R"lua(
if redis.call('GET',KEYS[1])~=ARGV[1] then return {-1,0} end
local free=tonumber(ARGV[2])-redis.call('SCARD',KEYS[2])
local added=0
for i=3,#ARGV do
  if free<=0 then return {i-3,added} end
  if redis.call('SADD',KEYS[2],ARGV[i])==1 then
    local id=redis.pcall('XADD',KEYS[3],'*','k',ARGV[i])
    if type(id)=='table' and id.err then
      redis.call('SREM',KEYS[2],ARGV[i])
      return id
    end
    added=added+1
    free=free-1
  end
end
return {#ARGV-2,added}
)lua";

// Key: changes. Arguments: the replica, ids. Returns the ids that the replica no longer has in hand. Only its
// own are renewed: XCLAIM alone would take back what another replica has claimed meanwhile.
const std::string_view renew = R"lua(
local lost,mine={},{'XCLAIM',KEYS[1],'winnow',ARGV[1],'0'}
for i=2,#ARGV do
  local p=redis.call('XPENDING',KEYS[1],'winnow',ARGV[i],ARGV[i],1)
  if p[1] and p[1][2]==ARGV[1] then mine[#mine+1]=ARGV[i] else lost[#lost+1]=ARGV[i] end
end
if #mine>5 then
  mine[#mine+1]='JUSTID'
  redis.call(unpack(mine))
end
return lost
)lua";

// Keys: fence, changes, erased. Arguments: the fencing number, for how long an acknowledged entry stays, in
// milliseconds, and for how long a consumer without work, and an erasure, does. What is not acknowledged, or
// not taken yet, is never removed.
const std::string_view trim = R"lua(
if redis.call('GET',KEYS[1])~=ARGV[1] then return -1 end
local function before(a,b)
  local am,as=string.match(a,'(%d+)-(%d+)')
  local bm,bs=string.match(b,'(%d+)-(%d+)')
  am,as,bm,bs=tonumber(am),tonumber(as),tonumber(bm),tonumber(bs)
  return am<bm or (am==bm and as<bs)
end
local groups=redis.call('XINFO','GROUPS',KEYS[2])
local oldest='0-0'
for i=1,#groups do
  for j=1,#groups[i],2 do
    if groups[i][j]=='last-delivered-id' then oldest=groups[i][j+1] end
  end
end
local pending=redis.call('XPENDING',KEYS[2],'winnow')
if pending[1]>0 and before(pending[2],oldest) then oldest=pending[2] end
local t=redis.call('TIME')
local bound=string.format('%.0f-0',t[1]*1000+math.floor(t[2]/1000)-tonumber(ARGV[2]))
if before(bound,oldest) then oldest=bound end
local consumers=redis.call('XINFO','CONSUMERS',KEYS[2],'winnow')
for i=1,#consumers do
  local c={}
  for j=1,#consumers[i],2 do c[consumers[i][j]]=consumers[i][j+1] end
  if c['pending']==0 and c['idle']>tonumber(ARGV[3]) then
    redis.call('XGROUP','DELCONSUMER',KEYS[2],'winnow',c['name'])
  end
end
local day=t[1]*1000+math.floor(t[2]/1000)-tonumber(ARGV[3])
redis.call('XTRIM',KEYS[3],'MINID',string.format('%.0f-0',day))
return redis.call('XTRIM',KEYS[2],'MINID',oldest)
)lua";

// Keys: values, told, news. Arguments: for each value its name, its group's name, its time and its text.
// Lua's numbers are exact for such times.
//
// The count begins with the time: a replica could take a count from 1 for the one that it heard before the
// store lost it. It also begins anew if the values were lost, so that all replicas tell theirs again.
const std::string_view tell = R"lua(
if redis.pcall('EXISTS',KEYS[1])==0 then redis.call('DEL',KEYS[2],KEYS[3]) end
local function next_number()
  local number=redis.call('INCR',KEYS[2])
  if number>1 then return number end
  local t=redis.call('TIME')
  number=t[1]*1000+math.floor(t[2]/1000)
  redis.call('SET',KEYS[2],string.format('%.0f',number))
  return number
end
local function time_of(name)
  local known=redis.call('HGET',KEYS[1],name)
  if not known then return -1,'' end
  local time,text=string.match(known,'^(%d+) (.*)$')
  if not time then return -1,'' end
  return tonumber(time),text
end
for i=1,#ARGV,4 do
  local name,group,time,text=ARGV[i],ARGV[i+1],tonumber(ARGV[i+2]),ARGV[i+3]
  local known,is=time_of(name)
  if (time>known or (time==known and text>is)) and (group=='' or time>time_of(group)) then
    redis.call('HSET',KEYS[1],name,ARGV[i+2]..' '..text)
    local n=string.format('%.0f',next_number())
    redis.call('XADD',KEYS[3],'MAXLEN','~','10000','*','n',n,'k',name,'v',ARGV[i+2]..' '..text)
  end
end
return 1
)lua";

} // namespace winnow::fleet_scripts
