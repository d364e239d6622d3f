# Writes survival_datasets.json: known answers of R's survival package on its own datasets.
# Run with R 4.2.2, survival 3.5-3:  Rscript survival_datasets.R > survival_datasets.json
library(survival); library(jsonlite)
curve <- function(s) data.frame(time = s$time, risk = s$n.risk, events = s$n.event, censored = s$n.censor,
                                surv = s$surv, se = s$std.err * s$surv, low = s$lower, high = s$upper)
km <- function(time, status, group) lapply(unique(group), function(g) {
  y <- Surv(time[group == g], status[group == g])
  one <- function(type) {
    s <- survfit(y ~ 1, conf.type = type)
    list(curve = curve(s), table = as.list(unname(summary(s)$table)),
         q = lapply(c(0.25, 0.5, 0.75), function(p) unname(unlist(quantile(s, p)))))
  }
  list(group = g, loglog = one("log-log"), log = one("log"), plain = one("plain"))
})
sets <- list(ovarian = with(ovarian, data.frame(time = futime, status = fustat, group = paste(rx))),
             veteran = with(veteran, data.frame(time = time, status = status, group = paste(celltype))),
             lung = with(lung, data.frame(time = time, status = status - 1, group = paste(sex))),
             kidney = with(kidney, data.frame(time = time, status = status, group = paste(disease))))
cases <- lapply(names(sets), function(n) with(sets[[n]], {
  lr <- function(rho) {
    d <- survdiff(Surv(time, status) ~ group, rho = rho)
    list(rho = rho, groups = sub("group=", "", names(d$n)), chisq = d$chisq, df = length(d$n) - 1,
         obs = d$obs, exp = d$exp, p = pchisq(d$chisq, length(d$n) - 1, lower.tail = FALSE))
  }
  list(name = n, time = time, status = status, group = group, km = km(time, status, group),
       logrank = lapply(c(0, 0.5, 1), lr))
}))
m <- mgus2[1:400, ]
etime <- ifelse(m$pstat == 0, m$futime, m$ptime)
end <- ifelse(m$pstat == 1, "pcm", ifelse(m$death == 1, "death", ""))
aj <- function(type) {
  s <- survfit(Surv(etime, factor(end, levels = c("", "death", "pcm"))) ~ 1, conf.type = type)
  list(time = s$time, risk = s$n.risk[, 1], prob = s$pstate, se = s$std.err, low = s$lower, high = s$upper)
}
competing <- list(name = "mgus2, first 400", time = etime, end = end, loglog = aj("log-log"), log = aj("log"), plain = aj("plain"))
cat(toJSON(list(source = "R 4.2.2, survival 3.5-3, datasets of the package; written by survival_datasets.R",
                cases = cases, competing = competing), digits = NA, auto_unbox = TRUE, na = "null"), "\n")
