import io, shutil, time, pytest, random
from dataclasses import replace
from pathlib import Path
from PIL import Image
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile as U
from django.core.management import call_command
from articles import publishing, editor as ed, markdown
from articles.models import *
from trustsite import content

def png(mode='RGB',fmt='PNG',size=(8,8),**k):
    b=io.BytesIO(); Image.new(mode,size).save(b,fmt,**k); return b.getvalue()
def test_mpo(client, editor, settings, tmp_path):
    settings.MEDIA_ROOT=tmp_path
    b=io.BytesIO(); Image.new('RGB',(8,8)).save(b,'MPO',save_all=True,append_images=[Image.new('RGB',(8,8),'red')])
    client.force_login(editor)
    r=client.post('/admin/markdown/upload/',{'image':U('a.jpg',b.getvalue())}); print(r.status_code,r.content)
    assert r.status_code in(200,400)
@pytest.mark.parametrize('mode,fmt',[('1','PNG'),('L','PNG'),('LA','PNG'),('P','PNG'),('RGB','PNG'),('RGBA','PNG'),('I;16','PNG'),('CMYK','JPEG'),('L','JPEG'),('RGB','JPEG'),('RGB','WEBP'),('RGBA','WEBP')])
def test_modes(mode,fmt): ed.reencode(U('a',png(mode,fmt)))
def test_fuzz():
    random.seed(1)
    for base in (png(size=(40,40)),png('P'),png('RGB','JPEG',size=(40,40)),png('RGBA','WEBP',size=(40,40))):
        for _ in range(1500):
            d=bytearray(base)
            for _ in range(random.randint(1,6)): d[random.randrange(len(d))]=random.randrange(256)
            import warnings
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')
                try: ed.reencode(U('a',bytes(d)))
                except ed.BadPicture: pass
def test_long(client): 
    print(client.get('/media/'+'a'*300+'.png').status_code)
def test_nul(client): print(client.get('/media/a%00.png').status_code)
def test_trav(client): print(client.get('/media/../../etc/passwd').status_code, client.get('/media/%2e%2e/site.sqlite3').status_code)
def test_restore(course):
    l=Lesson.objects.get(slug='what-trust-is'); s=publishing.snapshot(l)
    sec=next(x for x in s.sections if x.anchor=='the-building-blocks')
    new=tuple(replace(x,anchor='blocks',former_anchors=(x.anchor,)) if x is sec else x for x in s.sections)
    pk=l.sections.get(anchor=sec.anchor).pk
    publishing.publish([publishing.apply(replace(s,sections=new))])
    assert l.sections.get(anchor='blocks').pk==pk
    publishing.restore(l.versions.get(number=1))
def test_newpart(course,tmp_path):
    d=tmp_path/'c'; shutil.copytree(settings.CONTENT_DIR,d)
    (d/'parts.yaml').open('a').write('- slug: extra\n  title: E\n  summary: S\n')
    src=next((d/'lessons/1-formation').glob('*.md')).read_text()
    (d/'lessons/5-extra').mkdir(); (d/'lessons/5-extra/21-new.md').write_text(src)
    call_command('load_content',d)
def test_minutes(course,tmp_path):
    d=tmp_path/'c'; shutil.copytree(settings.CONTENT_DIR,d)
    f=next((d/'lessons/1-formation').glob('*.md')); f.write_text(f.read_text().replace('minutes: 10','minutes: -5'))
    call_command('load_content',d)
def test_overflow(client,editor,course):
    client.force_login(editor); pk=Lesson.objects.first().pk
    print(client.post(f'/admin/articles/lesson/{pk}/publish/',{'live_from':'9999-12-31 23:59-23:00'}).status_code)
def test_time():
    s=time.perf_counter(); content.read(settings.CONTENT_DIR); print('read',time.perf_counter()-s)
def test_lines():
    print(markdown.check('| a | b |\n|-|-|\n| x | [y](z) |\n'), markdown.check('a\nb\n[y](z)'), markdown.check('- a\n- b\n  - [y](z)\n'))
    for t in ['[a](https://a℀b.example/)','[a](//[x)','[a](foo://[)','<http://[>','[a](http://a]b)','[a](https://)','[a](https:///x)']:
        print(t, markdown.render(t), markdown.check(t))
def test_sched(course):
    from django.utils import timezone; from datetime import timedelta
    l=Lesson.objects.get(slug='trusting-yourself'); s=publishing.snapshot(l)
    s2=replace(s,sections=s.sections+(replace(s.sections[0],anchor='extra-one',former_anchors=()),))
    publishing.publish([publishing.apply(s2)])
    publishing.publish([publishing.apply(s)],live_from=timezone.now()+timedelta(days=1))
    o=Lesson.objects.get(slug='what-trust-is'); o.scene='[x](trusting-yourself#extra-one)'; o.save()
    with pytest.raises(publishing.Refused): publishing.publish([o])
def test_webp(client,settings,tmp_path,monkeypatch):
    import mimetypes; settings.MEDIA_ROOT=tmp_path; (tmp_path/'a.webp').write_bytes(b'x')
    print('webp',client.get('/media/a.webp').status_code)
def test_exif_rot():
    im=Image.new('RGB',(10,20)); e=im.getexif(); e[0x112]=6; b=io.BytesIO(); im.save(b,'JPEG',exif=e)
    data,_=ed.reencode(U('a',b.getvalue())); assert Image.open(io.BytesIO(data)).size==(20,10)
def test_trns():
    im=Image.new('P',(4,4),1); im.putpalette([0,0,0,255,0,0]); b=io.BytesIO(); im.save(b,'PNG',transparency=1)
    data,_=ed.reencode(U('a',b.getvalue())); assert Image.open(io.BytesIO(data)).convert('RGBA').getpixel((0,0))[3]==0
