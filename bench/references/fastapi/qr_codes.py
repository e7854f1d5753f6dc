"""Reference (b) with a route of QR codes too, drawn by qrcode and the Pillow of our layer.

The rules of content and look and the writes are the domain's, with another drawing put into it.
"""

import os
from io import BytesIO
from typing import Annotated, Any

import app as of_links
import qrcode
from app import BASE_URL, app, dynamodb, links, store
from PIL import Image

from jmpy.formats.envelope import Success
from jmpy.gateway.own_names import OwnNames
from jmpy.limits.plan import LimitClass
from jmpy.qr import drawing
from jmpy.qr.creation import Place, QrCodeCreation
from jmpy.qr.look import Level
from jmpy.qr.model import QrImage
from jmpy.qr.request_schema import GenerateQrCode
from jmpy.qr.schema import QrCodeBody
from jmpy.qr.store import QrCodeStore

handler = of_links.handler
creation = QrCodeCreation(QrCodeStore(dynamodb, os.environ["LINKS_TABLE"]), links, store)
place = Place(BASE_URL, OwnNames.from_urls([BASE_URL]))
Creator = Annotated[of_links.Identity, of_links.counted(LimitClass.QR_GENERATION)]

_LEVELS = {
    Level.L: qrcode.ERROR_CORRECT_L,
    Level.M: qrcode.ERROR_CORRECT_M,
    Level.Q: qrcode.ERROR_CORRECT_Q,
    Level.H: qrcode.ERROR_CORRECT_H,
}
_NAMES = {"#000000": "black", "#ffffff": "white"}
"""With which qrcode draws one bit a pixel, which is its quickest."""


def drawn(image: QrImage, image_format: drawing.ImageFormat) -> drawing.Drawn:
    """As large as was asked for, with modules of whole pixels before they are enlarged."""
    look = image.look
    code = qrcode.QRCode(error_correction=_LEVELS[look.level], border=look.margin)
    code.add_data(image.payload)
    code.make()
    code.box_size = look.size // (code.modules_count + 2 * look.margin)
    dark, light = (_NAMES.get(color, color) for color in (look.foreground, look.background))
    picture = code.make_image(fill_color=dark, back_color=light).get_image()
    file = BytesIO()
    picture.resize((look.size, look.size), Image.Resampling.NEAREST).save(file, "PNG")
    return drawing.Drawn(file.getvalue(), image_format.media_type, look.level)


def _unchecked(*_: Any, **__: Any) -> None:
    """The code that is too long fails when it is drawn."""


drawing.drawn, drawing.encode = drawn, _unchecked


@app.post("/api/v1/qr-codes/generate", status_code=201)
def generate(body: GenerateQrCode, who: Creator) -> Success[QrCodeBody]:
    created = creation.create(who.account_id, body.new_qr_code(None), place)
    return Success(data=QrCodeBody.from_described(created, BASE_URL))
