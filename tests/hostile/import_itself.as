# ends: ModuleNotFoundError or ImportError
import hostile_module_that_is_not_there
