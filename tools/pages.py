"""Every page type and every state a page can be in, for whatever looks at all of them: gates, pictures, validator."""

from tools.quiz_pages import QUIZZES
from tools.states import State, at

READING: dict[str, State] = {
    "home": at("/"),
    "part": at("/formation/"),
    "lesson": at("/formation/what-trust-is/"),
    "lesson-safety": at("/who-not-to-trust/manipulation-and-control/"),
    "lesson-last": at("/rebuilding/making-amends/"),
    "exercise": at("/formation/what-trust-is/exercise/"),
    "course": at("/course/"),
    "glossary": at("/glossary/"),
    "search": at("/search/?q=lies"),
    "search-first": at("/search/"),
    "search-nothing": at("/search/?q=a-very-long-word-that-nobody-would-ever-look-for-" + "x" * 60),
    "help": at("/help/"),
    "privacy": at("/privacy/"),
    "not-found": at("/no-such-page/"),
}
LOG_IN: dict[str, State] = {"log-in": at("/admin/login/")}
PUBLIC = READING | QUIZZES | LOG_IN
