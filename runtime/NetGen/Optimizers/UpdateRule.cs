namespace NetGen.CompilerServices;

/// <summary>Which formula an optimiser's step has, and so which buffers.</summary>
internal enum UpdateRule
{
    Sgd,
    Momentum,
    Nesterov,
    Adam,
    Amsgrad,
    Rms,
    RmsMomentum,
    RmsCentered,
    Adagrad,
}
