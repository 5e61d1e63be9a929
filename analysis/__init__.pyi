from .corpus.clean import clean as clean
from .corpus.read import read_articles as read_articles
from .corpus.shipped import load_news_articles as load_news_articles
from .corpus.shipped import load_seeds as load_seeds
from .corpus.summary import summarize as summarize
