"""What requests about QR codes say beside their bodies. No parameter is ever null: it is sent or
left out."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from jmpy.formats.absent import Absent
from jmpy.qr.drawing import ImageFormat
from jmpy.qr.listing import DateRange, QrType

QrId = Annotated[str, Path(alias="id", description="Id of a QR code, as listed")]
Format = Annotated[ImageFormat, Query(description="The format of `dataURL`")]
Source = Annotated[str | Absent, Query(max_length=50, description="What created the QR code")]
TypeOfQrCode = Annotated[QrType, Query(description="Filter by type")]
Search = Annotated[str | Absent, Query(max_length=255, description="In name, content or code")]
Created = Annotated[DateRange, Query(description="When it was created")]
