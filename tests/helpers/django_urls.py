"""The URLs of the Django application that answers what ``cases.RESPONSES`` says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import re_path

from .cases import RESPONSES, WITHOUT_CONTENT


def view(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    status, headers, body = RESPONSES[request.path]
    if request.path == "/stream":
        return StreamingHttpResponse(iter((body[:3], body[3:])), status=status, headers=dict(headers))
    response = HttpResponse(body, status=status, headers=dict(headers))
    if status in WITHOUT_CONTENT:
        del response["Content-Type"]
    return response


urlpatterns = [re_path("", view)]
