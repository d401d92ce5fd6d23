# One image for web, worker and beat. No package is compiled: each comes as a wheel, by its hash.
FROM python:3.11-slim AS words
RUN apt-get update && apt-get install -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
COPY . /source
RUN mkdir -p /source/locale && cd /source/locale && find . -name '*.po' -exec sh -c 'msgfmt -o "${0%.po}.mo" "$0"' {} \;

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
WORKDIR /srv/prize

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
COPY --from=words /source/locale locale/

# The pictures' and styles' names carry their digests only where a service runs: hence addresses, of nothing.
RUN DATABASE_URL=postgres://nobody@nowhere/nothing REDIS_URL=redis://nowhere/0 \
    SECRET_KEY=needed-to-start-and-used-for-nothing-while-the-image-is-built PRIZE_VAR=/tmp STATIC_ROOT=/srv/static \
    python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --home-dir /srv/var --create-home prize
USER prize
ENV PRIZE_VAR=/srv/var STATIC_ROOT=/srv/static

EXPOSE 8000
CMD ["gunicorn", "prize.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
