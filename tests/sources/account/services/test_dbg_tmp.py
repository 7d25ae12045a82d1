from tests.sources.account.services.test_costexplorer import *
from tests.sources.account.services.test_costexplorer import _ANSWERS
def test_x(moto, collectors, scripted):
    scripted(dict(_ANSWERS))
    paid.opt_in()
    f=scan("account"); print(f.notices, f.gaps)
    assert 0
