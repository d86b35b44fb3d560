"""The first sheet of a register book: how it is filled in, for somebody new to it."""

from typing import Final

from learnsite_desktop.domain.periods import Period
from learnsite_desktop.services.register_book.identity import Header

_REVEALED: Final = (
    "六、本表里的电话、住址等是完整的，只限办理登记使用，不要转发给别人，用完请删除。"
)
_COVERED: Final = (
    "六、已登记的电话、住址不显示完整内容。没有变化的不用管；有变化的，直接写上完整的新内容。"
)
_NUMBERS: Final = "写身份证号前请先说明用途；身份证号按文字填写，18 位。"
_NO_NUMBERS: Final = "本县不收身份证号，请不要写。"
_LINES: Final = """\
{unit}登记簿（{period}）
编号 {id}。由 {issuer} 于 {day} 发出，登记 {first} 至 {last} 的学员、活动和到课情况。
一、用 WPS、Excel 或 LibreOffice 打开，直接在浅黄色的格子里填写，填好后保存，仍存为 .xlsx，\
再用U盘、微信或邮件交给发表的单位。不要另存为网页或 PDF，不要加密码。
二、“学员”表：已登记的人在前，写错的可以直接改；新学员写在后面的空行，姓名和性别必填，\
出生年月写成 1955-03-12、1955.03 或 1955 都可以。{identity}
三、“活动”表：一行一个班级或一次活动。只办一次的讲座等，在本行写日期、开始、结束和人数；\
上课多次的班级不写这四格，到“到课”表里写。
四、“到课”表：一个班一张。上面写每次的日期、开始和结束时间，下面逐人选到课情况。\
新开的班用后面的空表，先在“班级”格里选班级名称。
五、能选的格子点一下右边的小箭头选；可以写几项的，用顿号“、”隔开。没有的内容空着。
{private}
七、请不要改动隐藏的行、列和表，也不要排序、移动格子、整行复制后粘贴到别的行：程序靠它认出每一行是谁。\
需要加人时写在空行里，空行不够时请发表单位再发一份。
八、删去一行不会注销已登记的人或活动。要注销的，请告诉发表的单位。
九、同一份表可以多次改、多次交：已经收下的不会重复登记，只收新的和改过的内容。\
两个人各填一份的，新学员、新活动和新的一次课要写在不同的空行、空列里：写在同一处的会退回核对。"""


def how_rows(
    header: Header, issuer: str, span: Period, *, numbers: bool, reveal: bool
) -> list[str]:
    """Return the lines of the sheet."""
    text = _LINES.format(
        unit=header.unit_name,
        period=header.period,
        id=header.id,
        issuer=issuer,
        day=header.issued_at[:10],
        first=span.first.isoformat(),
        last=span.last.isoformat(),
        identity=_NUMBERS if numbers else _NO_NUMBERS,
        private=_REVEALED if reveal else _COVERED,
    )
    return text.split("\n")
